package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.fault.Code;
import dev.switchback.lab.kube.Fault;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.pg.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The world misbehaves in the middle of a cutover: before the commit point users get the source.
 */
@Tag("boundaries")
class FaultsKubeTest {
    private static final Duration AT_MOST = Duration.ofSeconds(20);

    private Rig rig;

    FaultsKubeTest() throws Exception {
        rig = new Rig();
    }

    @BeforeEach
    void serves() throws Exception {
        rig.assertSourceServes();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** Something happens while the tables are copied; how long until the run noticed it. */
    private Noticed duringTheCopy(Runnable event) {
        AtomicLong happened = new AtomicLong();
        AtomicLong noticed = new AtomicLong();
        RunResult result =
                rig.migrate(book ->
                        Rig.with(
                                book,
                                "copy-tables",
                                step ->
                                        new AlteredStep(
                                                step,
                                                step.deadline(),
                                                (real, context) -> {
                                                    try {
                                                        AlteredStep.thenHangs(
                                                                        real,
                                                                        () -> {
                                                                            event.run();
                                                                            happened.set(
                                                                                    System
                                                                                            .nanoTime());
                                                                        },
                                                                        AT_MOST)
                                                                .apply(context);
                                                    } finally {
                                                        noticed.set(System.nanoTime());
                                                    }
                                                })));
        return new Noticed(result, Duration.ofNanos(noticed.get() - happened.get()));
    }

    private record Noticed(RunResult result, Duration after) {
        void assertReleasedBecauseOf(Code code) {
            assertThat(result.outcome()).as("%s", result.problems()).isEqualTo(Outcome.RELEASED);
            assertThat(result.problems().getFirst().code())
                    .as("%s", result.problems())
                    .isEqualTo(code);
            assertThat(result.leftovers()).isEmpty();
        }
    }

    private void onSource(String sql) {
        try (Connection source = rig.lab.source().connect("mastodon")) {
            Sql.run(source, "SET default_transaction_read_only = off");
            // the lab's report reads all the time: a lock it keeps from us is the test's mistake
            Sql.run(source, "SET lock_timeout = '5s'");
            Sql.run(source, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private void scale(String writer, int replicas) {
        rig.lab
                .kube()
                .client()
                .apps()
                .deployments()
                .inNamespace(MastodonCluster.NAMESPACE)
                .withName(writer)
                .scale(replicas);
    }

    @Test
    void attacksOnTheCutoverAreNoticedInTimeAndReleased() throws Exception {
        Noticed trigger =
                duringTheCopy(() -> onSource("ALTER EVENT TRIGGER switchback_fence_ddl DISABLE"));
        trigger.assertReleasedBecauseOf(Code.FENCE_BROKEN);
        assertThat(trigger.after()).isLessThan(Duration.ofSeconds(5));
        rig.assertSourceServes();

        Noticed table =
                duringTheCopy(() -> {
                    onSource(
                            "ALTER EVENT TRIGGER switchback_fence_ddl DISABLE; "
                                    + "ALTER TABLE public.statuses DISABLE TRIGGER switchback_fence; "
                                    + "ALTER EVENT TRIGGER switchback_fence_ddl ENABLE ALWAYS");
                });
        table.assertReleasedBecauseOf(Code.FENCE_BROKEN);
        assertThat(table.after()).isLessThan(Duration.ofSeconds(5));
        rig.assertSourceServes();

        Noticed scaled = duringTheCopy(() -> scale("mastodon-web", 1));
        scaled.assertReleasedBecauseOf(Code.WRITERS_NOT_STOPPED);
        rig.assertSourceServes();

        Path hurried = rig.document("stopWriters: 60s", "stopWriters: 2s");
        rig.lab.controllers().ignoreStop(pod -> pod.name().startsWith("mastodon-streaming"));
        RunResult deaf = rig.migrate(hurried, book -> book, options -> options);
        assertThat(deaf.outcome()).as("%s", deaf.problems()).isEqualTo(Outcome.RELEASED);
        assertThat(deaf.problems().getFirst().what()).contains("mastodon-streaming");
        rig.lab.controllers().ignoreStop(pod -> false);
        rig.assertSourceServes();
    }

    @Test
    void aTargetThatDiesDuringTheCopyCostsNothingButTheAttempt() throws Exception {
        Noticed died = duringTheCopy(() -> rig.lab.target().crash());
        assertThat(died.result().outcome())
                .as("%s", died.result().problems())
                .isIn(Outcome.RELEASED, Outcome.RELEASE_INCOMPLETE);
        rig.assertSourceServes();
        rig.lab.target().restart();
        RunResult next = rig.migrate();
        if (next.outcome() != Outcome.COMPLETED) {
            next = rig.migrate();
        }
        assertThat(next.outcome()).as("%s", next.problems()).isEqualTo(Outcome.COMPLETED);
        rig.assertMigrated();
    }

    @Test
    void anApiServerThatStuttersDuringTheRunDelaysItOnly() throws Exception {
        rig.lab.kube().fail(3, r -> r.path().contains("configmaps/switchback"), Fault.status(429));
        RunResult result =
                rig.migrate(book ->
                        Rig.with(
                                book,
                                "copy-tables",
                                step ->
                                        new AlteredStep(
                                                step,
                                                step.deadline(),
                                                (real, context) -> {
                                                    stutter();
                                                    real.apply(context);
                                                })));
        assertThat(result.outcome()).as("%s", result.problems()).isEqualTo(Outcome.COMPLETED);
        rig.assertMigrated();
    }

    private void stutter() {
        var kube = rig.lab.kube();
        kube.fail(2, r -> r.isWrite(), Fault.status(500));
        kube.fail(2, r -> r.isWrite(), Fault.appliedThenStatus(504));
        kube.fail(3, r -> r.method().equals("GET"), Fault.status(503));
        kube.fail(2, r -> r.method().equals("GET"), Fault.status(429));
        kube.fail(1, r -> r.method().equals("PATCH"), Fault.appliedThenStatus(500));
    }
}
