package dev.switchback.diagnose;

import dev.switchback.fault.Problem;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.runbook.ReverseLink;
import dev.switchback.steps.World;
import dev.switchback.steps.validation.Cut;
import dev.switchback.steps.validation.ExamineReferences;
import dev.switchback.steps.validation.ExamineSequences;
import dev.switchback.steps.validation.Examined;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether the target holds what the source held: row counts, references, sequences, views that hold
 * rows, collations; whether anybody wrote behind the fence; how the reverse link stands. Each
 * question is given a short time: the whole proof is {@code validate}'s.
 */
final class DataLook implements Look {
    private static final Duration EACH_KEY = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "the data";
    }

    @Override
    public Set<Symptom> symptoms() {
        return Set.of(Symptom.DATA, Symptom.RESTORE);
    }

    @Override
    public void take(World world, Evidence evidence) throws InterruptedException {
        for (String database : world.databases()) {
            evidence.tried(
                    "collations of the source's " + database,
                    () -> collations(world, "source", database, evidence));
        }
        if (!evidence.situation().switched()) {
            evidence.without("the target's rows", "the target does not serve");
            return;
        }
        for (String database : world.databases()) {
            evidence.tried(
                    "collations of the target's " + database,
                    () -> collations(world, "target", database, evidence));
            evidence.tried("the fence of " + database, () -> fence(world, database, evidence));
            evidence.tried(
                    "materialized views of " + database, () -> views(world, database, evidence));
            new RowCounts(world, database, evidence).compare();
        }
        evidence.tried("sequences", () -> sequences(world, evidence));
        evidence.tried("references", () -> references(world, evidence));
        evidence.tried("the reverse link", () -> link(world, evidence));
    }

    /** Text sorts by the C library's or ICU's rules of the day an index was built. */
    private static boolean collations(World world, String side, String database, Evidence evidence)
            throws SQLException {
        try (Connection server =
                Pg.open(
                        side.equals("source")
                                ? world.source(database, "diagnose")
                                : world.targetReader(database, "diagnose"))) {
            List<String[]> stale =
                    Sql.list(
                            server,
                            """
                            SELECT c.oid::regcollation::text, c.collversion, pg_collation_actual_version(c.oid)
                            FROM pg_collation c
                            WHERE c.collversion <> pg_collation_actual_version(c.oid)
                              AND EXISTS (SELECT FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
                                          WHERE a.attcollation = c.oid AND t.relkind IN ('r', 'i', 'm') AND t.oid >= 16384)
                            """,
                            r -> new String[] {r.getString(1), r.getString(2), r.getString(3)});
            if (Pg.major(server) >= 15) {
                stale.addAll(
                        Sql.list(
                                server,
                                """
                                SELECT 'default', datcollversion, pg_database_collation_actual_version(oid)
                                FROM pg_database WHERE datname = current_database()
                                  AND datcollversion <> pg_database_collation_actual_version(oid)
                                """,
                                r ->
                                        new String[] {
                                            r.getString(1), r.getString(2), r.getString(3)
                                        }));
            }
            for (String[] row : stale) {
                evidence.saw(
                        Topic.COLLATION,
                        side + "/" + database + "/" + row[0],
                        "side",
                        side,
                        "database",
                        database,
                        "recorded",
                        row[1],
                        "actual",
                        row[2]);
            }
        }
        return true;
    }

    private static boolean fence(World world, String database, Evidence evidence)
            throws SQLException {
        String atFence =
                evidence.situation()
                        .evidenceUnderAnyPrefix("fence-source", "quiet/" + database)
                        .map(text -> text.split(" ")[0])
                        .orElse("");
        boolean followed =
                evidence.situation()
                        .evidence("create-reverse-link", "reverse")
                        .filter("streaming"::equals)
                        .isPresent();
        try (Connection source = Pg.open(world.source(database, "diagnose"))) {
            String now =
                    Sql.one(
                            source,
                            """
                            SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_all_tables
                            WHERE schemaname !~ '^pg_' AND schemaname NOT IN ('information_schema', 'switchback')
                            """);
            String stands =
                    Sql.first(
                            source,
                            "SELECT 'true' FROM pg_event_trigger WHERE evtname = ? AND evtenabled = 'A'",
                            Ours.FENCE_EVENT_TRIGGER);
            evidence.saw(
                    Topic.FENCE,
                    "source/" + database,
                    "database",
                    database,
                    "stands",
                    stands == null ? "false" : stands,
                    "rowChangesAtFence",
                    atFence,
                    "rowChanges",
                    now,
                    "reverseLink",
                    String.valueOf(followed),
                    "applicationSessions",
                    Sql.one(
                            source,
                            """
                            SELECT count(*) FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
                            WHERE a.datname = current_database() AND NOT r.rolsuper AND NOT r.rolreplication
                              AND a.backend_type = 'client backend'
                            """));
        }
        return true;
    }

    private static boolean views(World world, String database, Evidence evidence)
            throws SQLException {
        String filled =
                "SELECT schemaname || '.' || matviewname FROM pg_matviews WHERE ispopulated";
        String empty =
                "SELECT schemaname || '.' || matviewname FROM pg_matviews WHERE NOT ispopulated";
        try (Connection source = Pg.open(world.source(database, "diagnose"));
                Connection target = Pg.open(world.targetReader(database, "diagnose"))) {
            List<String> there = Sql.list(source, filled, r -> r.getString(1));
            for (String view : Sql.list(target, empty, r -> r.getString(1))) {
                evidence.saw(
                        Topic.MATERIALIZED_VIEW,
                        database + "/" + view,
                        "view",
                        view,
                        "database",
                        database,
                        "populated",
                        "false",
                        "onSource",
                        String.valueOf(there.contains(view)));
            }
        }
        return true;
    }

    private static boolean sequences(World world, Evidence evidence) throws SQLException {
        examined(
                Topic.SEQUENCE, new ExamineSequences(world, Cut.NONE, false).sequences(), evidence);
        return true;
    }

    private static boolean references(World world, Evidence evidence) throws SQLException {
        Examined keys = new ExamineReferences(world).keys(EACH_KEY);
        examined(Topic.REFERENCE, keys, evidence);
        for (String note : keys.notes()) {
            if (note.contains("was not looked at")) {
                evidence.unread("references", note);
            }
        }
        return true;
    }

    private static void examined(Topic topic, Examined part, Evidence evidence) {
        for (Problem problem : part.problems()) {
            evidence.saw(
                    topic, problem.object(), "what", problem.what(), "remedy", problem.remedy());
        }
        evidence.saw(topic, "all", "outcome", part.outcome().word(), "seen", part.evidence());
    }

    private static boolean link(World world, Evidence evidence) {
        evidence.situation()
                .state()
                .map(state -> ReverseLink.standing(world, state))
                .ifPresent(standing ->
                        evidence.saw(
                                Topic.LINK,
                                "reverse",
                                "state",
                                standing.state().name().toLowerCase(Locale.ROOT),
                                "reason",
                                standing.reason()));
        return true;
    }
}
