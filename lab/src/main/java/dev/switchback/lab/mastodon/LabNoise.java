package dev.switchback.lab.mastodon;

import dev.switchback.pg.ConnectionSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that keep a real cluster from ever being idle: Patroni polling, an exporter reading
 * statistics, the operator comparing roles and, when switched on, a long read-only report of the
 * application. Every session survives being terminated, refused and restarted under: it connects
 * again until closed.
 */
public final class LabNoise implements AutoCloseable {
    /** Names as the real programs show them in {@code pg_stat_activity}; the operator has none. */
    public static final String PATRONI = "Patroni";

    public static final String EXPORTER = "postgres_exporter";

    /** As a batch job of the application would be called. */
    public static final String REPORT = "mastodon-report";

    private final ConnectionSpec application;
    private final List<NoisySession> steady;
    private @Nullable NoisySession report;

    private LabNoise(ConnectionSpec application, List<NoisySession> steady) {
        this.application = application;
        this.steady = steady;
    }

    /**
     * Starts the steady sessions.
     *
     * @param superuser Patroni, exporter and operator log in as this one, in {@code postgres}
     * @param application an application role in the application's database, for the report
     */
    public static LabNoise start(ConnectionSpec superuser, ConnectionSpec application) {
        ConnectionSpec postgres = superuser.withDatabase("postgres");
        return new LabNoise(
                application,
                List.of(
                        NoisySession.start(
                                postgres.withApplicationName(PATRONI), NoisySession.Work.PATRONI),
                        NoisySession.start(
                                postgres.withApplicationName(EXPORTER), NoisySession.Work.EXPORTER),
                        NoisySession.start(
                                postgres.withApplicationName(""), NoisySession.Work.OPERATOR)));
    }

    /**
     * Begins a read-only transaction of the application that stays open, and is begun again when it
     * is ended from outside; nothing happens when it already runs.
     */
    public synchronized void startReport() {
        if (report == null) {
            report =
                    NoisySession.start(
                            application.withApplicationName(REPORT), NoisySession.Work.REPORT);
        }
    }

    public synchronized void stopReport() {
        if (report != null) {
            report.close();
            report = null;
        }
    }

    /** Whether the report's transaction is open at this moment. */
    public synchronized boolean reportOpen() {
        return report != null && report.working();
    }

    /** How often the report was refused or ended from outside. */
    public synchronized long reportInterruptions() {
        return report == null ? 0 : report.interruptions();
    }

    /** Whether Patroni, the exporter and the operator all have a session at this moment. */
    public boolean steadyOpen() {
        return steady.stream().allMatch(NoisySession::working);
    }

    @Override
    public void close() {
        stopReport();
        steady.forEach(NoisySession::close);
    }
}
