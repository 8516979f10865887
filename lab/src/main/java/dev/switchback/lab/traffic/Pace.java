package dev.switchback.lab.traffic;

import java.time.Duration;

/**
 * How hard a pod works.
 *
 * @param connections writing sessions per pod
 * @param think pause of each session between two transactions
 * @param silence after which a session gives up waiting for the server's answer
 * @param retry longest pause of a session between two attempts to connect
 * @param ignoresStop whether the pod goes on writing after it was told to stop, until it is killed
 */
public record Pace(
        int connections, Duration think, Duration silence, Duration retry, boolean ignoresStop) {
    /** Two sessions, about twelve transactions a second together: seven such pods make about 80. */
    public static final Pace DEFAULT =
            new Pace(
                    2,
                    Duration.ofMillis(150),
                    Duration.ofSeconds(30),
                    Duration.ofMillis(800),
                    false);

    /** Seven such pods change several hundred rows a second, which keeps an apply worker busy. */
    public static final Pace BUSY = DEFAULT.withThink(Duration.ofMillis(60));

    public Pace withThink(Duration pause) {
        return new Pace(connections, pause, silence, retry, ignoresStop);
    }

    public Pace withConnections(int count) {
        return new Pace(count, think, silence, retry, ignoresStop);
    }

    public Pace withRetry(Duration longest) {
        return new Pace(connections, think, silence, longest, ignoresStop);
    }

    public Pace ignoringStop() {
        return new Pace(connections, think, silence, retry, true);
    }
}
