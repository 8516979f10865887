package dev.switchback.steps.validation;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.steps.World;
import dev.switchback.workload.WriterEnvironment;
import dev.switchback.workload.WriterEnvironment.Login;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Logs in as the applications do, through the Services they use, the certificate checked: the
 * read-write ones must take a write, which is rolled back; the read-only ones must lead to a
 * standby of the target that refuses one and is not far behind.
 */
final class ExamineEndpoints {
    private static final String WRITE = "CREATE TEMPORARY TABLE switchback_validation (n integer)";

    private final World world;

    ExamineEndpoints(World world) {
        this.world = world;
    }

    /** {@code read-write} and {@code read-only}. */
    List<Examined> examine() {
        Found writing = new Found();
        Found reading = new Found();
        for (Map.Entry<String, ConnectionSpec> login : logins().entrySet()) {
            String service = login.getKey().substring(login.getKey().lastIndexOf(' ') + 1);
            boolean readOnly = world.target().readOnly(service);
            Found found = readOnly ? reading : writing;
            try (Connection session = Pg.open(world.target().through(service, login.getValue()))) {
                found.seen.add(
                        readOnly
                                ? reads(login.getKey(), session, found)
                                : writes(login.getKey(), session, found));
            } catch (SwitchbackException e) {
                found.problems.add(problem(readOnly, login.getKey(), e.problem().what()));
            } catch (SQLException e) {
                found.problems.add(problem(readOnly, login.getKey(), Pg.words(e)));
            }
        }
        return List.of(
                writing.examined("read-write", "no writer names a read-write Service"),
                reading.examined("read-only", "no writer names a read-only Service"));
    }

    private static String writes(String who, Connection session, Found found) throws SQLException {
        session.setAutoCommit(false);
        try {
            Sql.one(session, "SELECT pg_current_xact_id()");
            if (Sql.one(session, "SELECT has_database_privilege(current_database(), 'TEMPORARY')")
                    .equals("t")) {
                Sql.run(session, WRITE);
                Sql.run(session, "INSERT INTO switchback_validation VALUES (1)");
            }
            return who + " wrote and rolled back";
        } catch (SQLException e) {
            found.problems.add(problem(false, who, "a write is refused: " + Pg.words(e)));
            return who + " refused";
        } finally {
            session.rollback();
        }
    }

    private String reads(String who, Connection session, Found found) throws SQLException {
        if (Sql.one(session, "SELECT pg_is_in_recovery()").equals("f")) {
            found.problems.add(
                    problem(true, who, "leads to a primary, which takes writes: no standby"));
            return who + " on a primary";
        }
        session.setAutoCommit(false);
        try {
            Sql.run(session, WRITE);
            found.problems.add(problem(true, who, "took a write"));
        } catch (SQLException refused) {
            if (!"25006".equals(refused.getSQLState())) {
                throw refused;
            }
        } finally {
            session.rollback();
        }
        Lag lag = lag(session);
        if (lag.far()) {
            found.problems.add(
                    new Problem(
                            Code.REPLICA_BEHIND,
                            who,
                            "the standby is " + lag.words() + " behind",
                            "look at its log and at the primary's pg_stat_replication"));
        }
        return who + " on a standby, " + lag.words() + " behind";
    }

    /**
     * @param bytes written on the primary and not replayed
     * @param seconds since the last replayed commit; of no meaning while nothing is written
     */
    private record Lag(long bytes, long seconds) {
        private static final long FAR_BYTES = 256L << 20;
        private static final long FAR_SECONDS = 60;

        boolean far() {
            return bytes > FAR_BYTES || (bytes > (1 << 20) && seconds > FAR_SECONDS);
        }

        String words() {
            return bytes + " bytes";
        }
    }

    private Lag lag(Connection standby) throws SQLException {
        String replayed = Sql.one(standby, "SELECT pg_last_wal_replay_lsn()");
        long seconds =
                Long.parseLong(
                        Sql.one(
                                standby,
                                "SELECT coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0)::bigint"));
        try (Connection primary = Pg.open(world.target("postgres", "validate"))) {
            return new Lag(
                    Math.max(
                            0,
                            Long.parseLong(
                                    Sql.one(
                                            primary,
                                            "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), CAST(? AS pg_lsn))::bigint",
                                            replayed))),
                    seconds);
        }
    }

    /** Each login once: {@code role on database through service} → how to log in. */
    private Map<String, ConnectionSpec> logins() {
        Map<String, ConnectionSpec> logins = new LinkedHashMap<>();
        WriterEnvironment environment = world.writerEnvironment();
        for (WriterRef ref : world.writers().refs()) {
            KubeObject object = world.writers().object(ref);
            for (Login login : environment.logins(environment.of(ref, object))) {
                if (login.user().isPresent()
                        && login.password().isPresent()
                        && world.endpointNames().namesIn(login.host()).isEmpty()) {
                    String role = login.user().get();
                    String database = login.database().orElse(role);
                    String service = login.host().split("\\.", 2)[0];
                    logins.putIfAbsent(
                            role + " on " + database + " through " + service,
                            world.target()
                                    .spec(
                                            database,
                                            role,
                                            login.password().get(),
                                            "switchback/" + world.runId() + "/validate"));
                }
            }
        }
        return logins;
    }

    private static Problem problem(boolean readOnly, String who, String what) {
        return readOnly
                ? new Problem(
                        Code.READ_ONLY_ENDPOINT,
                        who,
                        what,
                        "correct the Service or Pooler, add an instance, or map the readers to the read-write Service")
                : new Problem(
                        Code.READ_WRITE_ENDPOINT,
                        who,
                        what,
                        "correct the Service or Pooler, or the role's rights");
    }

    /** What was found at one kind of Service. */
    private static final class Found {
        private final List<String> seen = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        Examined examined(String id, String nothing) {
            return seen.isEmpty() && problems.isEmpty()
                    ? Examined.notCompared(id, nothing)
                    : Examined.of(id, String.join("; ", seen), problems, List.of());
        }
    }
}
