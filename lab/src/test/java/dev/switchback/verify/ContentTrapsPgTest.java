package dev.switchback.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.pg.NastyDatabase;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Values that are equal but not the same, and rows whose hashes could hide each other: each must be
 * seen, by digests and by deep comparison, between servers of different majors.
 */
class ContentTrapsPgTest {
    private static final String ICU =
            "CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false)";

    /** Type, a value, and one that some comparison takes for the same. */
    private static final String[][] VALUES = {
        {"numeric", "'1.0'", "'1.00'"},
        {"numeric", "'NaN'", "'0'"},
        {"numeric(6,3)[]", "'{1,2}'", "'{1,3}'"},
        {"numeric[]", "'{1.0}'", "'{1.00}'"},
        {"float8", "'0'", "'-0'"},
        {"float4", "'0'", "'-0'"},
        {"float8", "'NaN'", "NULL"},
        {"float8", "'0.1'", "'0.10000000000000002'"},
        {"interval", "'1 day'", "'24:00:00'"},
        {"interval", "'1 mon'", "'30 days'"},
        {"jsonb", "'{\"a\": 1.0}'", "'{\"a\": 1.00}'"},
        {"json", "'{\"a\":1}'", "'{\"a\": 1}'"},
        {"bpchar", "'a'", "'a '"},
        {"char(3)", "'a'", "'b'"},
        {"text COLLATE folding", "'a'", "'A'"},
        {"varchar COLLATE folding", "'a'", "'A'"},
        {"text", "''", "NULL"},
        {"text", "'a'", "'a '"},
        {"name", "'a'", "'b'"},
        {"bytea", "'\\x00'", "'\\x0000'"},
        {"mood", "'sad'", "'glad'"},
        {"mood[]", "'{sad}'", "'{glad}'"},
        {"amount", "'1.0'", "'1.00'"},
        {"pair", "'(1.0,a)'", "'(1.00,a)'"},
        {"int[]", "'{{1,2}}'", "'{1,2}'"},
        {"int[]", "'[0:1]={1,2}'", "'{1,2}'"},
        {"bit(3)", "B'001'", "B'010'"},
        {"varbit", "B'1'", "B'10'"},
        {"money", "'1'", "'2'"},
        {"xml", "'<a/>'", "'<a></a>'"},
        {"point", "'(0,0)'", "'(-0,0)'"},
        {"tsvector", "'a:1'", "'a:2'"},
        {"numrange", "'[1.0,2]'", "'[1.00,2]'"},
        {"timestamptz", "'infinity'", "'-infinity'"},
        {"timestamp", "'0001-01-01 BC'", "'0001-01-01'"},
        {"date", "'0044-03-15 BC'", "'0044-03-15'"},
        {"date", "'2024-03-04'", "'2024-04-03'"},
        {"time", "'00:00'", "'24:00'"},
        {"timetz", "'12:00+00'", "'13:00+01'"},
        {"\"char\"", "'a'", "'b'"},
        {"bool", "true", "false"},
        {"inet", "'10.0.0.1/24'", "'10.0.0.1/25'"},
        {"cidr", "'10.0.0.0/24'", "'10.0.0.0/25'"},
        {"macaddr", "'08:00:2b:01:02:03'", "'08:00:2b:01:02:04'"},
        {
            "uuid",
            "'00000000-0000-0000-0000-000000000001'",
            "'00000000-0000-0000-0000-000000000002'"
        },
        {"int8", "'4294967296'", "'0'"},
        {"regclass", "'pg_class'", "'pg_type'"},
        {"public.citext", "'a'", "'A'"},
        {"public.hstore", "'a=>1'", "'a=>NULL'"},
    };

    @Test
    void valuesThatAreEqualButNotTheSameAreSeenFrom15To17() throws Exception {
        check(15, 17);
    }

    @Test
    @Tag("boundaries")
    void valuesThatAreEqualButNotTheSameAreSeenFrom13To17() throws Exception {
        check(13, 17);
    }

    @Test
    @Tag("boundaries")
    void valuesThatAreEqualButNotTheSameAreSeenFrom15To18() throws Exception {
        check(15, 18);
    }

    private static void check(int from, int to) throws Exception {
        try (PgServer source = PgServer.start(from);
                PgServer target = PgServer.start(to)) {
            values(source, target);
            shapes(source, target);
        }
    }

    private static void values(PgServer source, PgServer target) throws Exception {
        for (PgServer server : List.of(source, target)) {
            NastyDatabase.createEmpty(server, "nearly");
            try (Connection c = server.connect("nearly")) {
                types(c, server == target);
                for (int i = 0; i < VALUES.length; i++) {
                    String[] value = VALUES[i];
                    Sql.run(
                            c,
                            "CREATE TABLE "
                                    + table(i)
                                    + " (id int PRIMARY KEY, v "
                                    + value[0]
                                    + ");"
                                    + "INSERT INTO "
                                    + table(i)
                                    + " VALUES (1, "
                                    + value[1]
                                    + "), (2, "
                                    + value[1]
                                    + "), (3, NULL)");
                }
            }
        }
        for (boolean deep : List.of(false, true)) {
            assertThat(report(source, target, "nearly", deep).mismatches())
                    .as("the same values, deep %s", deep)
                    .extracting(TableVerdict::line)
                    .isEmpty();
        }
        List<String> lines = new ArrayList<>();
        try (Connection c = target.connect("nearly")) {
            for (int i = 0; i < VALUES.length; i++) {
                Sql.run(c, "UPDATE " + table(i) + " SET v = " + VALUES[i][2] + " WHERE id = 1");
                lines.add("public." + table(i) + ": differs, 3 rows; id=1 differs");
            }
        }
        for (boolean deep : List.of(false, true)) {
            assertThat(report(source, target, "nearly", deep).tables())
                    .as("one value changed in each, deep %s", deep)
                    .extracting(TableVerdict::line)
                    .containsExactlyInAnyOrderElementsOf(lines);
        }
    }

    private static String table(int i) {
        return "t" + i;
    }

    /** OIDs of the target's types and relations differ from the source's. */
    private static void types(Connection c, boolean shifted) throws SQLException {
        if (shifted) {
            for (int i = 0; i < 5; i++) {
                Sql.run(c, "CREATE TABLE shift" + i + " (a int); DROP TABLE shift" + i);
            }
        }
        Sql.run(c, ICU);
        Sql.run(c, "CREATE TYPE mood AS ENUM ('sad', 'glad')");
        Sql.run(c, "CREATE DOMAIN amount AS numeric CHECK (value > 0)");
        Sql.run(c, "CREATE TYPE pair AS (n numeric, t text)");
        Sql.run(c, "CREATE EXTENSION citext; CREATE EXTENSION hstore");
        if (shifted) {
            Sql.run(
                    c,
                    "ALTER DATABASE nearly SET datestyle = 'SQL, DMY';"
                            + "ALTER DATABASE nearly SET timezone = 'Asia/Kolkata';"
                            + "ALTER DATABASE nearly SET intervalstyle = 'iso_8601';"
                            + "ALTER DATABASE nearly SET bytea_output = 'escape';"
                            + "ALTER DATABASE nearly SET extra_float_digits = 0;"
                            + "ALTER ROLE postgres SET search_path = public");
        }
    }

    private static void shapes(PgServer source, PgServer target) throws Exception {
        for (PgServer server : List.of(source, target)) {
            NastyDatabase.createEmpty(server, "shapes");
            boolean there = server == source;
            try (Connection c = server.connect("shapes")) {
                Sql.run(
                        c,
                        "CREATE TABLE trade (id int PRIMARY KEY, a int, b int);"
                                + "INSERT INTO trade VALUES (1, 10, 20), (2, 30, 40);"
                                + "CREATE TABLE trade_any (a int, b int);"
                                + "INSERT INTO trade_any VALUES (10, 20), (30, 40);"
                                + "CREATE TABLE multi (a text); INSERT INTO multi VALUES ('x'), ('x'), ('y');"
                                + "CREATE TABLE nothing (); INSERT INTO nothing DEFAULT VALUES;"
                                + "INSERT INTO nothing DEFAULT VALUES;"
                                + "CREATE TABLE parent (id int); CREATE TABLE child () INHERITS (parent);"
                                + "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2);"
                                + "CREATE TABLE parted (id int) PARTITION BY RANGE (id);"
                                + "CREATE TABLE parted1 PARTITION OF parted FOR VALUES FROM (0) TO (10);"
                                + "INSERT INTO parted VALUES (5);"
                                + "CREATE UNLOGGED TABLE loose (id int); INSERT INTO loose VALUES (1);"
                                + "CREATE TABLE made (id int PRIMARY KEY, d int GENERATED ALWAYS AS (id * 2) STORED);"
                                + "INSERT INTO made VALUES (7);"
                                + "CREATE TABLE hidden (id int); INSERT INTO hidden VALUES (1);"
                                + "ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;"
                                + "ALTER TABLE hidden FORCE ROW LEVEL SECURITY;");
                Sql.run(
                        c,
                        there
                                ? "CREATE TABLE ordered (a int, gone int, b text); ALTER TABLE ordered DROP gone"
                                : "CREATE TABLE ordered (b text, a int)");
                Sql.run(c, "INSERT INTO ordered (a, b) VALUES (1, 'one'), (2, NULL)");
            }
        }
        assertThat(report(source, target, "shapes", false).mismatches()).isEmpty();
        try (Connection c = target.connect("shapes")) {
            Sql.run(
                    c,
                    "UPDATE trade SET b = CASE id WHEN 1 THEN 40 ELSE 20 END;"
                            + "UPDATE trade_any SET b = CASE b WHEN 20 THEN 40 ELSE 20 END;"
                            + "TRUNCATE multi; INSERT INTO multi VALUES ('x'), ('y'), ('y');"
                            + "INSERT INTO nothing DEFAULT VALUES;"
                            + "UPDATE ONLY parent SET id = 3; UPDATE parted SET id = 6;"
                            + "UPDATE loose SET id = 2; INSERT INTO made VALUES (8);"
                            + "UPDATE ordered SET b = '' WHERE a = 2");
        }
        for (boolean deep : List.of(false, true)) {
            ContentReport report = report(source, target, "shapes", deep);
            assertThat(report.mismatches())
                    .as("deep %s", deep)
                    .extracting(v -> v.table().name())
                    .containsExactly(
                            "loose",
                            "made",
                            "multi",
                            "nothing",
                            "ordered",
                            "parent",
                            "parted1",
                            "trade",
                            "trade_any");
            assertThat(line(report, "trade")).contains("id=1 differs; id=2 differs");
            assertThat(line(report, "made")).contains("id=8 only on the target");
            assertThat(line(report, "multi"))
                    .contains(
                            "2 times on the source, 1 on the target",
                            "1 times on the source, 2 on the target");
            assertThat(line(report, "trade_any"))
                    .contains("only on the source", "only on the target");
        }
    }

    private static String line(ContentReport report, String table) {
        return report.tables().stream()
                .filter(v -> v.table().name().equals(table))
                .map(TableVerdict::line)
                .findFirst()
                .orElse("");
    }

    private static ContentReport report(
            PgServer source, PgServer target, String database, boolean deep)
            throws InterruptedException {
        try (var there = dev.switchback.pg.PinnedSnapshot.open(source.superuser(database));
                var here = dev.switchback.pg.PinnedSnapshot.open(target.superuser(database))) {
            return new ContentVerifier(Exclusions.none(), 2, deep)
                    .compare(there, here, any -> true, verdict -> {}, Stopper.NEVER);
        }
    }
}
