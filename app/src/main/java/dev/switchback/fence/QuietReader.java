package dev.switchback.fence;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reads {@link QuietProof}s.
 *
 * <p>Row counters arrive late: a backend sends them when it ends, or up to a second after its
 * transaction; before PostgreSQL 15 through a collector that writes at most twice a second. So a
 * first reading counts only after they stood still for longer than that.
 */
final class QuietReader {
    private static final Duration STILL = Duration.ofMillis(250);
    private static final Duration STILL_WITH_COLLECTOR = Duration.ofMillis(1100);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration DEADLINE = Duration.ofSeconds(15);
    private static final int SHARED_MEMORY_STATISTICS = 15;

    private static final String QUIET = Sql.resource(QuietReader.class, "quiet.sql");
    private static final String ROW_CHANGES =
            """
            SELECT coalesce(sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del), 0)
            FROM pg_catalog.pg_stat_all_tables s
            WHERE s.schemaname !~ '^pg_' AND s.schemaname NOT IN ('information_schema', 'switchback')
            """;
    private static final String SEQUENCES =
            """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
              AND n.nspname NOT IN ('information_schema', 'switchback')
            ORDER BY c.oid
            """;

    /** Sequences read by one statement: each is a relation of its own. */
    private static final int BATCH = 200;

    private final ApplicationSessions sessions;

    QuietReader(ApplicationSessions sessions) {
        this.sessions = sessions;
    }

    /** Waits until the row counters of every database stand still. */
    void awaitStill(List<FenceSession> databases, Stopper stopper)
            throws SQLException, InterruptedException {
        Instant deadline = Instant.now().plus(DEADLINE);
        List<String> last = List.of();
        long since = System.nanoTime();
        while (true) {
            stopper.checkpoint();
            List<String> now = new ArrayList<>();
            for (FenceSession database : databases) {
                now.add(Sql.one(database.connection(), ROW_CHANGES));
            }
            if (!now.equals(last)) {
                last = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since >= still(databases).toNanos()) {
                return;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new SwitchbackException(
                        Code.SOURCE_NOT_QUIET,
                        databases.stream().map(FenceSession::database).toList().toString(),
                        "row counters of user tables still move behind the fence",
                        "a replication worker is applying changes to this side: stop its subscription, then run again");
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private static Duration still(List<FenceSession> databases) throws SQLException {
        int major = databases.getFirst().connection().getMetaData().getDatabaseMajorVersion();
        return major >= SHARED_MEMORY_STATISTICS ? STILL : STILL_WITH_COLLECTOR;
    }

    /**
     * One reading. A login that was under way during the fence may surface as an old session only
     * now; it can have written nothing and is ended.
     */
    QuietProof read(List<FenceSession> databases, Instant fencedAt, Stopper stopper)
            throws SQLException, InterruptedException {
        Connection any = databases.getFirst().connection();
        Instant deadline = Instant.now().plusSeconds(5);
        long old;
        while ((old = sessions.olderThan(any, fencedAt)) != 0 && Instant.now().isBefore(deadline)) {
            stopper.checkpoint();
            sessions.end(any, fencedAt);
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
        Map<String, QuietProof.Counters> counters = new LinkedHashMap<>();
        for (FenceSession database : databases) {
            counters.put(database.database(), read(database.connection(), old));
        }
        return new QuietProof(fencedAt, counters);
    }

    private static QuietProof.Counters read(Connection connection, long old) throws SQLException {
        String sequences = sequences(connection);
        return Sql.list(
                        connection,
                        QUIET,
                        row ->
                                new QuietProof.Counters(
                                        row.getLong("row_changes"),
                                        sequences,
                                        row.getString("large_objects"),
                                        row.getString("definitions"),
                                        row.getLong("prepared"),
                                        old))
                .getFirst();
    }

    private static String sequences(Connection connection) throws SQLException {
        List<String> names = Sql.list(connection, SEQUENCES, row -> row.getString(1));
        MessageDigest digest = sha256();
        BigDecimal sum = BigDecimal.ZERO;
        for (int from = 0; from < names.size(); from += BATCH) {
            List<String> batch = names.subList(from, Math.min(from + BATCH, names.size()));
            List<String> selects = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                selects.add("SELECT " + i + " AS i, last_value, is_called FROM " + batch.get(i));
            }
            List<Map.Entry<String, Long>> values =
                    Sql.list(
                            connection,
                            String.join(" UNION ALL ", selects) + " ORDER BY i",
                            row ->
                                    Map.entry(
                                            batch.get(row.getInt(1))
                                                    + "="
                                                    + row.getLong(2)
                                                    + row.getString(3),
                                            row.getLong(2)));
            for (Map.Entry<String, Long> value : values) {
                digest.update(value.getKey().getBytes(StandardCharsets.UTF_8));
                sum = sum.add(BigDecimal.valueOf(value.getValue()));
            }
        }
        return names.size()
                + ":"
                + sum
                + ":"
                + HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
