package dev.switchback.lab.traffic;

import java.time.Duration;

/**
 * How hard a pod works.
 *
 * @param connections writing sessions per pod
 * @param think pause of each session between two transactions
 * @param silence after which a session gives up waiting for the server's answer
 * @param ignoresStop whether the pod goes on writing after it was told to stop, until it is killed
 */
public record Pace(int connections, Duration think, Duration silence, boolean ignoresStop) {
    /** Two sessions, about twelve transactions a second together: five such pods make about 60. */
    public static final Pace DEFAULT =
            new Pace(2, Duration.ofMillis(150), Duration.ofSeconds(30), false);

    public Pace withThink(Duration pause) {
        return new Pace(connections, pause, silence, ignoresStop);
    }

    public Pace withConnections(int count) {
        return new Pace(count, think, silence, ignoresStop);
    }

    public Pace ignoringStop() {
        return new Pace(connections, think, silence, true);
    }
}
