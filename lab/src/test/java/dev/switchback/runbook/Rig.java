package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.Run;
import dev.switchback.engine.RunOptions;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Step;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.demo.OpenSides;
import dev.switchback.lab.demo.Program;
import dev.switchback.lab.traffic.Judgement;
import dev.switchback.lab.traffic.Pace;
import dev.switchback.pg.Sql;
import dev.switchback.progress.Progress;
import dev.switchback.spec.DocumentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** One lab under traffic, with the real runbook run over it in this process or as a child. */
final class Rig implements AutoCloseable {
    static final Pace PACE = Pace.DEFAULT.withConnections(1).withThink(Duration.ofMillis(100));
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    final Lab lab;
    final Program program;
    final List<Progress.Event> events = new CopyOnWriteArrayList<>();

    Rig() throws SQLException, InterruptedException {
        lab = Lab.start(SharedTemplate.get(), PACE);
        program = new Program(lab.folder());
        assertThat(lab.applications().awaitServing(lab.pods(), PATIENCE)).isTrue();
    }

    Stage stage() {
        return stage(lab.document());
    }

    Stage stage(Path document) {
        return Stage.open(
                DocumentReader.read(document),
                new Stage.Connect(Optional.of(lab.kubeconfig()), Optional.empty(), true),
                events::add);
    }

    /** The document with something replaced. */
    Path document(String text, String by) throws IOException {
        assertThat(Lab.DOCUMENT).contains(text);
        return Files.writeString(
                lab.folder().resolve("changed.yaml"), Lab.DOCUMENT.replace(text, by));
    }

    RunResult migrate() {
        return migrate(book -> book);
    }

    RunResult migrate(UnaryOperator<Runbook> change) {
        return migrate(lab.document(), change, options -> options);
    }

    RunResult migrate(
            Path document, UnaryOperator<Runbook> change, UnaryOperator<RunOptions> options) {
        try (Stage stage = stage(document)) {
            Run run = stage.run(change.apply(stage.offline()), options);
            return run.forward();
        }
    }

    Program.Running start(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(
                List.of(
                        "-f",
                        lab.document().toString(),
                        "--kubeconfig",
                        lab.kubeconfig().toString(),
                        "--direct",
                        "-o",
                        "json"));
        return program.start(false, arguments);
    }

    JournalState journal() {
        try (Stage stage = stage()) {
            return stage.requireState();
        }
    }

    /** Waits until the run is about to do this step, or does it. */
    void awaitBegun(Program.Running running, String step) throws Exception {
        try (Stage stage = stage()) {
            Await.until(
                    step + " is begun",
                    Duration.ofSeconds(60),
                    () -> {
                        assertThat(running.isAlive()).as(running::errSoFar).isTrue();
                        return stage.journal()
                                .read()
                                .map(s -> s.state())
                                .filter(s ->
                                        s.step(step)
                                                .filter(r -> r.state() == StepState.INTENT)
                                                .filter(r -> r.attempt() == s.attempt())
                                                .isPresent())
                                .isPresent();
                    });
        }
    }

    /** Users have the source as before; nothing of the fence is left; the target is closed. */
    void assertSourceServes() throws InterruptedException, SQLException {
        assertThat(lab.applications().awaitServing(lab.pods(), PATIENCE)).isTrue();
        assertThat(lab.replicas()).isEqualTo(lab.originalReplicas());
        lab.settings()
                .forEach((key, value) -> {
                    if (!key.startsWith("database-app/")) {
                        assertThat(value)
                                .as(key)
                                .isEqualTo(lab.originalSettings().getOrDefault(key, ""));
                    }
                });
        if (lab.target().isRunning()) {
            assertThat(OpenSides.of(lab)).isEqualTo(new OpenSides(true, false));
        }
        assertThat(fenceLeft()).isEmpty();
    }

    /** What the fence left on the source. */
    List<String> fenceLeft() throws SQLException {
        try (Connection source = lab.source().connect("mastodon")) {
            return Sql.list(
                    source,
                    """
                    SELECT 'trigger on ' || tgrelid::regclass FROM pg_trigger WHERE tgname LIKE 'switchback%'
                    UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
                      WHERE evtname LIKE 'switchback%'
                    UNION ALL SELECT array_to_string(setconfig, ',') FROM pg_db_role_setting
                      WHERE setrole = 0 AND array_to_string(setconfig, ',') LIKE '%default_transaction_read_only%'
                    """,
                    row -> row.getString(1));
        }
    }

    /** The applications on the target, the source fenced, nothing acknowledged lost or doubled. */
    void assertMigrated() throws InterruptedException, SQLException {
        assertThat(lab.applications().awaitServing(lab.pods(), PATIENCE)).isTrue();
        assertThat(lab.endpoint()).isEqualTo("database-pooler-rw");
        assertThat(lab.replicas()).isEqualTo(lab.originalReplicas());
        assertThat(OpenSides.of(lab)).isEqualTo(new OpenSides(false, true));
        lab.applications().stopAll();
        try (Connection target = lab.target().connect("mastodon");
                Connection source = lab.source().connect("mastodon")) {
            Judgement judgement = lab.ledger().judge(target, source);
            assertThat(judgement.clean()).as(judgement.toString()).isTrue();
        }
    }

    /** The runbook with one step replaced. */
    static Runbook with(Runbook book, String id, UnaryOperator<Step> change) {
        assertThat(book.entry(id)).isPresent();
        return book.withSteps(step -> step.id().equals(id) ? change.apply(step) : step);
    }

    @Override
    public void close() {
        lab.close();
    }
}
