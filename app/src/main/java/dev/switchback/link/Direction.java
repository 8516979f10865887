package dev.switchback.link;

/** Which way rows travel. */
public enum Direction {
    /** From the source to the target, before the switch. */
    FORWARD('f', 1),
    /** From the target to the source, after the switch. */
    REVERSE('r', 2);

    private final char letter;
    private final int heartbeat;

    Direction(char letter, int heartbeat) {
        this.letter = letter;
        this.heartbeat = heartbeat;
    }

    char letter() {
        return letter;
    }

    /** Key of this direction's row in the heartbeat table. */
    int heartbeat() {
        return heartbeat;
    }
}
