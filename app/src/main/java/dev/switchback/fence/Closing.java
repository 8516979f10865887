package dev.switchback.fence;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;

/**
 * Steps 5 to 7 of {@link Fence}: table triggers, event trigger, and round again until a whole round
 * changed nothing, so that every session alive began with everything in place.
 */
final class Closing {
    /** Only somebody who works against us on purpose makes more than a few rounds necessary. */
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** Lock not free, deadlock, or a row of the catalogs that somebody else is changing. */
    private static final Set<String> CONTENDED =
            Set.of("55P03", "40P01", "40001", "XX000", "23505", "42710", "42704", "3F000", "42883");

    private final List<FenceSession> databases;
    private final ApplicationSessions applications;
    private final Stopper stopper;
    private final Instant deadline = Instant.now().plus(DEADLINE);

    Closing(List<FenceSession> databases, ApplicationSessions applications, Stopper stopper) {
        this.databases = databases;
        this.applications = applications;
        this.stopper = stopper;
    }

    /** The server's clock when the last session without the whole fence was ended. */
    Instant close() throws SQLException, InterruptedException {
        for (FenceSession database : databases) {
            contended(database, DdlTrigger::defineFunctions);
            // one table's trigger need not be durable by itself: the event trigger's commit is
            Sql.run(database.connection(), "SET synchronous_commit = off");
            WriteTriggers.sweep(database, stopper);
            WriteTriggers.insist(database, stopper);
            Sql.run(database.connection(), "SET synchronous_commit = local");
            contended(database, DdlTrigger::raise);
        }
        while (true) {
            Instant fencedAt = clock();
            applications.endAndAwait(any(), stopper);
            int missing = 0;
            for (FenceSession database : databases) {
                PreparedTransactions.refuse(database.connection(), database.database());
                contended(database, DdlTrigger::raise);
                missing += WriteTriggers.insist(database, stopper);
            }
            if (missing == 0) {
                return fencedAt;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new SwitchbackException(
                        Code.FENCE_INCOMPLETE,
                        databases.stream().map(FenceSession::database).toList().toString(),
                        missing + " tables lack the fence's trigger again and again",
                        "a superuser session works against the fence: stop it and run again");
            }
        }
    }

    @FunctionalInterface
    private interface Definition {
        void on(Connection connection) throws SQLException;
    }

    private void contended(FenceSession database, Definition definition)
            throws SQLException, InterruptedException {
        while (true) {
            stopper.checkpoint();
            try {
                definition.on(database.connection());
                return;
            } catch (SQLException e) {
                if (!CONTENDED.contains(e.getSQLState())) {
                    throw e;
                }
                if (Instant.now().isAfter(deadline)) {
                    throw new SwitchbackException(
                            Code.FENCE_INCOMPLETE,
                            database.database(),
                            "the functions and the event trigger cannot be made: " + Pg.words(e),
                            "end the sessions that change definitions and run again");
                }
                applications.end(any(), null);
            }
        }
    }

    private Connection any() {
        return databases.getFirst().connection();
    }

    private Instant clock() throws SQLException {
        return Sql.list(
                        any(),
                        "SELECT clock_timestamp()",
                        row -> row.getObject(1, OffsetDateTime.class).toInstant())
                .getFirst();
    }
}
