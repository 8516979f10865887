package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunOptions;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Step;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.demo.OpenSides;
import dev.switchback.lab.demo.Program;
import dev.switchback.lab.demo.Strategy;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.link.Link;
import dev.switchback.link.LinkStatus;
import dev.switchback.link.Slot;
import dev.switchback.pg.Sql;
import dev.switchback.steps.link.Links;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A {@link Rig} whose document says {@code strategy: online}, with an eye on both links. */
final class OnlineRig implements AutoCloseable {
    /** As {@link Lab#DOCUMENT} says it. */
    static final String BUDGETS = "budgets: {stopWriters: 60s, startWriters: 60s}";

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    final Rig rig = new Rig();
    final Path document = rig.lab.document(Strategy.ONLINE);
    private final Stage watch = rig.stage(document);

    OnlineRig() throws SQLException, InterruptedException {}

    /** The document with something replaced. */
    Path document(String text, String by) throws IOException {
        assertThat(Lab.DOCUMENT).contains(text);
        return Files.writeString(
                rig.lab.folder().resolve("changed.yaml"),
                Lab.DOCUMENT.replace("strategy: offline", "strategy: online").replace(text, by));
    }

    RunResult migrate() {
        return migrate(document, book -> book, options -> options);
    }

    RunResult migrate(UnaryOperator<Runbook> change) {
        return migrate(document, change, options -> options);
    }

    RunResult migrate(Path path, UnaryOperator<Runbook> change, UnaryOperator<RunOptions> options) {
        try (Stage stage = rig.stage(path)) {
            return stage.run(change.apply(stage.runbook()), options).forward();
        }
    }

    /** The way back that the journal calls for. */
    RunResult goBack(UnaryOperator<Runbook> change) {
        try (Stage stage = rig.stage(document)) {
            return stage.run(change.apply(stage.wayBack(stage.requireState())), o -> o).forward();
        }
    }

    /** Steps that act between these two, as the forward runbook has them; the second left out. */
    List<String> actingSteps(String from, String until) {
        return acting(watch.runbook(), from, until);
    }

    static List<String> acting(Runbook book, String from, String until) {
        return book.entries().stream()
                .map(Runbook.Entry::step)
                .dropWhile(step -> !step.id().equals(from))
                .takeWhile(step -> !step.id().equals(until))
                .filter(Step::acts)
                .map(Step::id)
                .toList();
    }

    Runbook plannedWayBack() {
        return Runbooks.plannedWayBack(watch.world());
    }

    Program.Result run(String... command) throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(
                List.of(
                        "-f",
                        document.toString(),
                        "--kubeconfig",
                        rig.lab.kubeconfig().toString(),
                        "--direct",
                        "-o",
                        "json"));
        return rig.program.start(false, arguments).await(120);
    }

    Link forward() {
        return links().forward("mastodon");
    }

    Link reverse() {
        return links().reverse("mastodon");
    }

    private Links links() {
        return new Links(watch.world(), watch.requireState().uid(), "test");
    }

    /**
     * The applications have the source as before, the target follows it, nothing of the other
     * direction is left.
     */
    void assertOpenOnTheOldSideWithAHealthyLink() throws Exception {
        rig.assertSourceServes();
        assertFollows(forward());
        assertThat(reverse().isSubscribed()).isFalse();
        assertThat(reverse().slot()).isEmpty();
    }

    /** The applications have the target, the source follows it. */
    void assertOpenOnTheTargetWithAHealthyLink() throws Exception {
        assertThat(rig.lab.applications().awaitServing(rig.lab.pods(), PATIENCE)).isTrue();
        assertThat(rig.lab.replicas()).isEqualTo(rig.lab.originalReplicas());
        assertThat(rig.lab.endpoint()).isEqualTo("database-pooler-rw");
        assertThat(OpenSides.of(rig.lab)).isEqualTo(new OpenSides(false, true));
        assertFollows(reverse());
    }

    /** Streams, and what is written now arrives. */
    private static void assertFollows(Link link) throws Exception {
        Await.until(
                link.name() + " is healthy",
                PATIENCE,
                () -> {
                    LinkStatus status = link.status();
                    return status.healthy() && status.slot().filter(Slot.State::active).isPresent();
                });
        link.beat();
        Await.until(
                link.name() + " carries what is written now",
                PATIENCE,
                () -> {
                    Double behind = link.status().lagSeconds();
                    return behind != null && behind < 5;
                });
    }

    static void assertReleased(RunResult result) {
        assertThat(result.outcome()).as("%s", result.problems()).isEqualTo(Outcome.RELEASED);
        assertThat(result.leftovers()).isEmpty();
    }

    static String words(RunResult result) {
        return result.problems().toString();
    }

    static void on(PgServer side, String sql) throws SQLException {
        try (Connection session = side.connect("mastodon")) {
            Sql.run(session, "SET default_transaction_read_only = off; SET lock_timeout = '5s'");
            Sql.run(session, sql);
        }
    }

    static String one(PgServer side, String sql) throws SQLException {
        try (Connection session = side.connect("mastodon")) {
            return Sql.one(session, sql);
        }
    }

    @Override
    public void close() {
        watch.close();
        rig.close();
    }
}
