package dev.switchback.steps.cleanup;

/**
 * One thing of ours that was found.
 *
 * @param side {@code source}, {@code target} or {@code kubernetes}
 * @param kind what it is: {@code role}, {@code slot}, {@code schema}, {@code Secret}
 * @param name where and what: {@code mastodon: switchback}
 * @param why for what is kept on purpose, the reason; else empty
 */
public record Trace(String side, String kind, String name, String why) {
    public static final String SOURCE = "source";
    public static final String TARGET = "target";
    public static final String KUBERNETES = "kubernetes";

    static Trace left(String side, String kind, String name) {
        return new Trace(side, kind, name, "");
    }

    Trace kept(String reason) {
        return new Trace(side, kind, name, reason);
    }

    /** {@code source role switchback_1a2b3c4d}. */
    public String words() {
        return side + " " + kind + " " + name;
    }
}
