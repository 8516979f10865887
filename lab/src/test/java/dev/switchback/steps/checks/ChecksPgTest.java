package dev.switchback.steps.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Finding;
import dev.switchback.engine.Observation;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.lab.traps.TrapDatabase;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Acceptance;
import dev.switchback.steps.Findings;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every query of every check of databases, on the oldest and the newest major, on all in the slow
 * profile.
 */
class ChecksPgTest {
    private static final Query QUERIES =
            new Query(Exclusions.spilo(), List.of("shop"), List.of("pg_default", "pg_global"));

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void plantedDefectsAreAllFoundOnTheOldestAndTheNewest(int major) throws Exception {
        defectsAreFound(major);
    }

    @Tag("boundaries")
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17})
    void plantedDefectsAreAllFoundOnTheMajorsBetween(int major) throws Exception {
        defectsAreFound(major);
    }

    private static void defectsAreFound(int major) throws Exception {
        try (PgServer server = PgServer.start(major)) {
            try (Connection postgres = server.connect("postgres")) {
                Sql.run(postgres, "CREATE TABLE left_in_postgres (id int)");
                Sql.run(postgres, "CREATE SCHEMA cron");
                Sql.run(
                        postgres,
                        "CREATE TABLE cron.job (jobid bigint, schedule text, database text, active boolean)");
                Sql.run(postgres, "INSERT INTO cron.job VALUES (7, '* * * * *', 'shop', true)");
                Sql.run(postgres, "CREATE DATABASE shop");
                Sql.run(
                        postgres,
                        "ALTER DATABASE shop SET default_transaction_isolation = 'serializable'");
            }
            try (Connection shop = server.connect("shop")) {
                Sql.run(shop, Sql.resource(ChecksPgTest.class, "defects.sql"));
                data(server, shop);
                duplicates(shop);
                locale(shop);
                settings(server);
                privileges(server);
            }
            everyKnownTrapIsReadWithoutFalseAlarm(server);
        }
    }

    private static void everyKnownTrapIsReadWithoutFalseAlarm(PgServer server) throws Exception {
        TrapDatabase.createRoles(server);
        TrapDatabase.create(server, server, "traps");
        Findings findings = new Findings(List.of());
        try (Connection traps = server.connect("traps")) {
            CheckDuplicates.look(
                    traps,
                    QUERIES,
                    "traps",
                    Instant.now().plusSeconds(60),
                    new Looking(true),
                    findings);
            assertThat(found(findings)).isEmpty();
            Sql.run(traps, "RESET statement_timeout");
            CheckData.each(traps, QUERIES, "traps ", findings);
            CheckPrivileges.unreadable(traps, QUERIES, "traps", findings);
            assertThat(SortOrder.of(traps, "", true).order()).hasSizeGreaterThan(200);
            Sql.list(traps, QUERIES.text("collations-in-use"), row -> row.getString(1));
        }
        assertThat(found(findings).stream().map(f -> f.problem().code()))
                .contains(Code.INDEX_INVALID, Code.CONSTRAINT_NOT_VALID)
                .doesNotContain(Code.PG_PRIVILEGE);
    }

    private static void data(PgServer server, Connection shop) throws Exception {
        Findings findings = new Findings(List.of());
        try (Connection postgres = server.connect("postgres")) {
            CheckData.server(postgres, QUERIES, findings);
        }
        CheckData.each(shop, QUERIES, "shop ", findings);
        List<String> lines = found(findings).stream().map(ChecksPgTest::line).toList();
        assertThat(lines)
                .containsExactlyInAnyOrder(
                        "SB-329 shop public.\"unfinished one\"",
                        "SB-332 shop public.item",
                        "SB-333 shop public.reads_spilo",
                        "SB-333 shop public.defaults_spilo",
                        "SB-333 shop metric_helpers.ours_now",
                        "SB-334 postgres/public.left_in_postgres",
                        "SB-334 cron job 7",
                        "SB-335 shop archive",
                        "SB-335 shop watches",
                        "SB-335 shop public.item",
                        "SB-335 shop public.c_made",
                        "SB-336 shop public.wide");
        assertThat(found(findings))
                .allSatisfy(finding -> {
                    assertThat(finding.problem().remedy()).isNotBlank();
                    assertThat(finding.problem().why()).isNotBlank();
                    assertThat(finding.problem().what()).doesNotContain("hidden-from-everyone");
                });
    }

    private static void duplicates(Connection shop) throws Exception {
        Findings findings = new Findings(List.of());
        CheckDuplicates.look(
                shop, QUERIES, "shop", Instant.now().plusSeconds(60), new Looking(false), findings);
        List<String> found =
                found(findings).stream().map(f -> f.problem().what()).sorted().toList();
        assertThat(found).as("%s", found).hasSize(3);
        assertThat(found.get(0)).startsWith("1 key value(s) of unique index by_folded");
        assertThat(found.get(1)).startsWith("1 key value(s) of unique index by_kind_of_some");
        assertThat(found.get(2)).startsWith("1 key value(s) of unique index by_name");

        Findings hurried = new Findings(List.of());
        CheckDuplicates.look(shop, QUERIES, "shop", Instant.now(), new Looking(false), hurried);
        assertThat(found(hurried))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.level()).isEqualTo(Finding.Level.WARN);
                    assertThat(f.problem().code().id()).isEqualTo("SB-331");
                    assertThat(f.problem().what()).contains("were not looked at").contains("by_");
                    assertThat(f.problem().remedy()).contains("check --deep");
                });
        Sql.run(shop, "RESET statement_timeout");
    }

    private static void locale(Connection shop) throws Exception {
        DatabaseLocale locale = DatabaseLocale.of(shop, "shop").orElseThrow();
        assertThat(locale.provider()).isEqualTo("c");
        assertThat(locale.sameNames(locale)).isTrue();
        assertThat(locale.candidates(shop)).isNotEmpty();
        SortOrder own = SortOrder.of(shop, "", true);
        SortOrder named = SortOrder.of(shop, locale.candidates(shop).getFirst(), true);
        assertThat(own.sortsUnlike(named)).isEmpty();
        assertThat(own.foldsUnlike(named)).isEmpty();
        SortOrder c = SortOrder.of(shop, "pg_catalog.\"C\"", true);
        assertThat(own.foldsUnlike(c)).isPresent();
        assertThat(Sql.list(shop, QUERIES.text("text-ranges"), row -> row.getString(1)))
                .containsExactly("ranges");
        assertThat(Sql.list(shop, QUERIES.text("collations-in-use"), row -> row.getString(1)))
                .containsExactly("C.utf8");
        if (Pg.major(shop) >= 15) {
            assertThat(Sql.list(shop, QUERIES.text("collation-versions"), row -> row.getString(1)))
                    .hasSize(1);
        }
    }

    private static void settings(PgServer server) throws Exception {
        try (Connection postgres = server.connect("postgres")) {
            ServerSettings plain = ServerSettings.of(postgres, Map.of());
            assertThat(plain.unread()).isEmpty();
            // the server's own, not what our driver sent at login
            assertThat(plain.values())
                    .containsEntry("timezone", new ServerSettings.Value("UTC", "", true));
            ServerSettings other = ServerSettings.of(postgres, Map.of("timezone", "Europe/Berlin"));
            List<ServerSettings.Assigned> overrides = ServerSettings.Assigned.of(postgres);
            Findings findings = new Findings(List.of());
            CheckSettings.compare(
                    "shop", plain.in("shop", overrides), other.in("shop", List.of()), findings);
            assertThat(found(findings).stream().map(ChecksPgTest::line))
                    .containsExactlyInAnyOrder(
                            "SB-328 shop timezone", "SB-328 shop default_transaction_isolation");
            Findings same = new Findings(List.of());
            CheckSettings.compare(
                    "shop", plain.in("shop", overrides), plain.in("shop", overrides), same);
            assertThat(found(same)).isEmpty();
        }
    }

    private static void privileges(PgServer server) throws Exception {
        try (Connection postgres = server.connect("postgres")) {
            Sql.run(postgres, "CREATE ROLE weak LOGIN PASSWORD 'weak'");
            Findings findings = new Findings(List.of());
            CheckPrivileges.lacking(postgres, QUERIES, "here", findings);
            assertThat(found(findings)).isEmpty();
        }
        try (Connection weak =
                Pg.open(
                        server.superuser("shop")
                                .withLogin("weak", dev.switchback.pg.Secret.of("weak")))) {
            Findings findings = new Findings(List.of());
            CheckPrivileges.lacking(weak, QUERIES, "here", findings);
            CheckPrivileges.unreadable(weak, QUERIES, "shop", findings);
            assertThat(found(findings))
                    .allSatisfy(f -> assertThat(f.level()).isEqualTo(Finding.Level.FAIL));
            assertThat(found(findings).stream().map(f -> f.problem().what()))
                    .anyMatch(what -> what.contains("read password verifiers"))
                    .anyMatch(what -> what.contains("end other sessions"))
                    .anyMatch(what -> what.contains("its rows"))
                    .anyMatch(what -> what.contains("its position"));
        }
    }

    @org.junit.jupiter.api.Test
    void whatTheDocumentAcceptsByNameBlocksNoMoreAndIsStillTold() {
        Trap trap = Traps.ALL.stream().filter(Trap::blocks).findFirst().orElseThrow();
        Findings findings =
                new Findings(
                        List.of(
                                new Acceptance(
                                        trap.code().id(), Optional.of("shop a.b"), "seen by us")));
        findings.block(new Problem(trap.code(), "shop a.b", "is broken", "mend it", "because"));
        findings.block(new Problem(trap.code(), "shop a.c", "is broken", "mend it", "because"));
        assertThat(found(findings).stream().map(Finding::level))
                .containsExactly(Finding.Level.OVERRIDDEN, Finding.Level.FAIL);
    }

    private static String line(Finding finding) {
        return finding.problem().code().id() + " " + finding.problem().object();
    }

    private static List<Finding> found(Findings findings) {
        return switch (findings.observation()) {
            case Observation.Done done -> done.findings();
            case Observation.Impossible impossible -> impossible.findings();
            case Observation.Todo todo -> throw new AssertionError(todo.why());
        };
    }
}
