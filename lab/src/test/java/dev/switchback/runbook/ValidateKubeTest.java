package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.demo.Program;
import dev.switchback.pg.Sql;
import dev.switchback.steps.proof.VerifyContent;
import dev.switchback.steps.validation.Cut;
import dev.switchback.steps.validation.Examined;
import dev.switchback.steps.validation.SuccessLine;
import dev.switchback.steps.validation.Validated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One migration under traffic, then one change of each kind by hand on the target. */
@Tag("boundaries")
@Timeout(180)
class ValidateKubeTest {

    /**
     * A link would carry a change by hand back to the source like any other write: then both sides
     * are equal, and nothing is to be named.
     */
    private static final String UNFOLLOWED = "  rollback: {link: none}\n";

    @Test
    void aChangeByHandOnTheTargetIsNamedWhileTheApplicationsWrite() throws Exception {
        try (Rig rig = new Rig()) {
            Path document = withQueries(rig);
            RunResult migrated = rig.migrate(document, book -> book, options -> options);
            assertThat(migrated.outcome())
                    .as(migrated.problems().toString())
                    .isEqualTo(Outcome.COMPLETED);

            Validated clean = validate(rig.stage(document));
            assertThat(clean.differences()).isEmpty();
            assertThat(clean.unread()).isEmpty();
            assertThat(clean.parts())
                    .extracting(Examined::id)
                    .containsExactly(
                            "schema",
                            "extensions",
                            "content",
                            "references",
                            "queries",
                            "sequences",
                            "large-objects",
                            "read-write",
                            "read-only",
                            "tls",
                            "performance");
            assertThat(clean.parts())
                    .filteredOn(p -> p.id().equals("read-only"))
                    .singleElement()
                    .satisfies(p -> assertThat(p.evidence()).contains("on a standby"));
            assertThat(clean.success()).extracting(SuccessLine::line).hasSize(7);
            assertThat(clean.parts())
                    .filteredOn(p -> p.id().equals("queries"))
                    .singleElement()
                    .satisfies(p -> {
                        assertThat(p.outcome()).isEqualTo(Examined.Outcome.GOOD);
                        assertThat(p.evidence()).isEqualTo("2 queries of the document");
                    });
            assertThat(clean.success().subList(0, 3))
                    .as(clean.success().toString())
                    .allMatch(l -> l.answer().equals("yes"));

            assertNoDamageInAWriteNotYetReported(rig, document);

            for (String change : CHANGES) {
                onTarget(rig, change);
            }
            Validated found = validate(rig.stage(document));
            List<String> named = found.differences().stream().map(Problem::what).toList();
            for (String expected : NAMED) {
                assertThat(named).as(expected).anyMatch(n -> n.matches("(?s).*" + expected + ".*"));
            }
            assertThat(named).hasSameSizeAs(NAMED);

            Program.Result command =
                    rig.program
                            .start(
                                    false,
                                    List.of(
                                            "validate",
                                            "-f",
                                            document.toString(),
                                            "--kubeconfig",
                                            rig.lab.kubeconfig().toString(),
                                            "--direct",
                                            "-o",
                                            "json"))
                            .await(60);
            assertThat(command.exit()).as(command.err()).isEqualTo(4);
            assertThat(command.out()).contains("\"kind\" : \"Validation\"", "\"different\"");
            for (String expected : NAMED) {
                assertThat(command.err())
                        .as(expected)
                        .matches("(?s).*error: [^\\n]*" + expected + ".*");
            }
        }
    }

    private static final List<String> CHANGES =
            List.of(
                    "COMMENT ON TABLE accounts IS 'changed by hand'",
                    "ALTER TABLE account_stats OWNER TO postgres",
                    "GRANT DELETE ON users TO mastodon_reader",
                    "DROP INDEX follows_on_target; CREATE INDEX follows_on_target ON follows (account_id)",
                    "CREATE OR REPLACE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
                    "SELECT setval('users_id_seq', 1)",
                    "UPDATE accounts SET display_name = 'changed by hand' WHERE id = (SELECT min(id) FROM accounts)");

    private static final List<String> NAMED =
            List.of(
                    "comment table public.accounts",
                    "owner table public.account_stats",
                    "grant table public.users",
                    "index follows_on_target on public.follows",
                    "function public.touch_updated_at",
                    "sequence public.users_id_seq is at 1",
                    "answers 1, not 0",
                    "public.accounts: differs.*id=\\d+ differs");

    private static final String QUERIES =
            """
              validate:
                queries:
                  - sql: SELECT count(*) FROM users u LEFT JOIN accounts a ON a.id = u.account_id WHERE a.id IS NULL
                    expect: 0
                  - sql: SELECT count(*) FROM accounts WHERE display_name = 'changed by hand'
                    expect: 0
            """;

    /** The guide's orphan query, and one that a change below makes answer another number. */
    private static Path withQueries(Rig rig) throws IOException {
        return Files.writeString(
                rig.lab.folder().resolve("queries.yaml"), Lab.DOCUMENT + UNFOLLOWED + QUERIES);
    }

    /**
     * A session reports its counters at most once a second, and what it did after that when it has
     * been idle for ten: its row is there before its count is.
     */
    private static void assertNoDamageInAWriteNotYetReported(Rig rig, Path document)
            throws Exception {
        try (Connection session = rig.lab.target().connect("mastodon")) {
            Sql.one(session, "SELECT count(*) FROM domain_blocks");
            Sql.run(session, "INSERT INTO domain_blocks (domain) VALUES ('new.example')");
            assertThat(validate(rig.stage(document)).differences()).isEmpty();
        }
    }

    private static Validated validate(Stage opened) throws InterruptedException {
        try (Stage stage = opened) {
            Validations.Result result = Validations.run(stage, false);
            assertThat(result.cut()).isEqualTo(Cut.SOURCE_FENCED);
            return result.validated();
        }
    }

    private static Path unfollowed(Rig rig) throws IOException {
        return Files.writeString(
                rig.lab.folder().resolve("unfollowed.yaml"), Lab.DOCUMENT + UNFOLLOWED);
    }

    private static void onTarget(Rig rig, String sql) throws SQLException {
        try (Connection target = rig.lab.target().connect("mastodon")) {
            Sql.run(target, sql);
        }
    }

    @Test
    void whenTheSnapshotsWereLostTablesWrittenSinceCountAsNotCompared() throws Exception {
        try (Rig rig = new Rig()) {
            Path document = unfollowed(rig);
            try (Stage stage = rig.stage(document)) {
                RunResult migrated =
                        stage.run(
                                        Rig.with(
                                                stage.offline(),
                                                VerifyContent.ID,
                                                s -> new Losing(s, stage)),
                                        Optional.empty())
                                .forward();
                assertThat(migrated.outcome())
                        .as(migrated.problems().toString())
                        .isEqualTo(Outcome.COMPLETED);
            }
            Await.until(
                    "a table is written on the target",
                    Duration.ofSeconds(60),
                    () ->
                            content(validate(rig.stage(document))).outcome()
                                    != Examined.Outcome.GOOD);
            Validated found = validate(rig.stage(document));
            assertThat(found.differences()).isEmpty();
            assertThat(content(found).outcome()).isEqualTo(Examined.Outcome.NOT_COMPARED);
            assertThat(content(found).evidence())
                    .startsWith("not compared: public.")
                    .contains("snapshots pinned before the switch were lost");
            assertThat(found.success().get(1))
                    .satisfies(l -> assertThat(l.answer()).isEqualTo("unknown"))
                    .satisfies(l -> assertThat(l.evidence()).contains("not compared: public."));
        }
    }

    private static Examined content(Validated validated) {
        return validated.parts().stream()
                .filter(p -> p.id().equals("content"))
                .findFirst()
                .orElseThrow();
    }

    /** Looks after the pinned sessions are gone, as after a crash. */
    private record Losing(Step step, Stage stage) implements Step {
        @Override
        public String id() {
            return step.id();
        }

        @Override
        public String title() {
            return step.title();
        }

        @Override
        public boolean acts() {
            return step.acts();
        }

        @Override
        public Observation observe(StepContext context) throws Exception {
            stage.world().sessions().unpin();
            return step.observe(context);
        }
    }

    @Test
    void anOrphanBehindAForeignKeyThatWasNeverValidatedIsFound() throws Exception {
        try (Rig rig = new Rig()) {
            Path document = unfollowed(rig);
            assertThat(rig.migrate(document, book -> book, options -> options).outcome())
                    .isEqualTo(Outcome.COMPLETED);
            try (Connection target = rig.lab.target().connect("mastodon")) {
                Sql.run(target, "SET session_replication_role = replica");
                Sql.run(
                        target,
                        "DELETE FROM accounts WHERE id IN (SELECT account_id FROM users ORDER BY id LIMIT 1)");
            }
            assertThat(validate(rig.stage(document)).differences())
                    .anyMatch(p -> p.code() == Code.REFERENCE_BROKEN && p.what().contains("users"))
                    .anyMatch(
                            p -> p.code() == Code.CONTENT_DIFFERS && p.what().contains("accounts"));
        }
    }
}
