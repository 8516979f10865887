package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.fault.Code;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.OpenSides;
import dev.switchback.lab.demo.Program;
import dev.switchback.lab.mastodon.MastodonSchema;
import dev.switchback.lab.traffic.Judgement;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The target serves, the source follows behind its fence, and somebody interferes. */
@Tag("boundaries")
class ReturnFaultsKubeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMMIT = "commit-return";

    private static OnlineRig migrated() throws Exception {
        OnlineRig online = new OnlineRig();
        RunResult done = online.migrate();
        assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
        online.assertOpenOnTheTargetWithAHealthyLink();
        return online;
    }

    @Test
    void aWayBackThatIsTakenBackLeavesTheTargetServingAndTheLinkWholeAndTheLastOneLosesNothing()
            throws Exception {
        try (OnlineRig online = migrated()) {
            attackTheSourceWhileRowsArrive(online);

            List<String> steps =
                    OnlineRig.acting(online.plannedWayBack(), "return-stop-writers", COMMIT);
            assertThat(steps).contains("drain-reverse").hasSizeGreaterThan(3);
            for (String step : steps) {
                RunResult failed = online.goBack(book -> Drill.failAt(book, step));
                assertThat(failed.outcome())
                        .as("%s: %s", step, failed.problems())
                        .isEqualTo(Outcome.STAYED);
                assertThat(failed.problems().getFirst().code()).isEqualTo(Code.DRILL);
                assertThat(failed.leftovers()).isEmpty();
                online.assertOpenOnTheTargetWithAHealthyLink();
            }

            stayIsAskedOfTheHolder(online);

            online.rig.lab.ledger().expectSwitchBack();
            RunResult back = online.goBack(book -> book);
            assertThat(back.outcome()).as("%s", back.problems()).isEqualTo(Outcome.COMPLETED);
            online.rig.assertSourceServes();
            online.rig.lab.applications().stopAll();
            try (Connection source = online.rig.lab.source().connect("mastodon");
                    Connection target = online.rig.lab.target().connect("mastodon")) {
                Judgement judgement = online.rig.lab.ledger().judge(source, target);
                assertThat(judgement.clean()).as(judgement.toString()).isTrue();
            }
        }
    }

    private static void stayIsAskedOfTheHolder(OnlineRig online) throws Exception {
        CountDownLatch drained = new CountDownLatch(1);
        CompletableFuture<RunResult> held =
                CompletableFuture.supplyAsync(() ->
                        online.goBack(book ->
                                Rig.with(
                                        book,
                                        "drain-reverse",
                                        step ->
                                                AlteredStep.thenHangs(
                                                        step,
                                                        drained::countDown,
                                                        Duration.ofSeconds(60)))));
        assertThat(drained.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(OpenSides.of(online.rig.lab).both()).isFalse();
        Program.Result stayed = online.run("rollback", "--stay");
        assertThat(stayed.exit()).as(stayed.err()).isZero();
        assertThat(JSON.readTree(stayed.out()).path("result").asText()).isEqualTo("stayed");
        assertThat(held.get(60, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.STAYED);
        online.assertOpenOnTheTargetWithAHealthyLink();
    }

    /** Owner and superuser try to write on the fenced source; what arrives is the target's. */
    private static void attackTheSourceWhileRowsArrive(OnlineRig online) throws Exception {
        var source = online.rig.lab.source();
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong attempts = new AtomicLong();
        List<String> acknowledged = java.util.Collections.synchronizedList(new ArrayList<>());
        ConnectionSpec root = source.superuser("mastodon");
        ConnectionSpec owner = root.withLogin(MastodonSchema.OWNER, MastodonSchema.OWNER_PASSWORD);
        List<Thread> attackers = new ArrayList<>();
        for (ConnectionSpec login : List.of(root, owner)) {
            attackers.add(
                    Thread.ofVirtual().start(() -> attack(login, over, attempts, acknowledged)));
        }
        long rows = statuses(online);
        Await.until(
                "rows of the target arrive through the fence",
                Duration.ofSeconds(40),
                () -> statuses(online) > rows + 20 && attempts.get() > 200);
        over.set(true);
        for (Thread attacker : attackers) {
            attacker.join();
        }
        assertThat(acknowledged).isEmpty();
        online.assertOpenOnTheTargetWithAHealthyLink();
    }

    private static long statuses(OnlineRig online) throws SQLException {
        return Long.parseLong(
                OnlineRig.one(online.rig.lab.source(), "SELECT count(*) FROM public.statuses"));
    }

    private static void attack(
            ConnectionSpec login,
            AtomicBoolean over,
            AtomicLong attempts,
            List<String> acknowledged) {
        List<String> writes =
                List.of(
                        "INSERT INTO follows (account_id, target_account_id) SELECT max(id), min(id) FROM accounts",
                        "UPDATE follows SET show_reblogs = NOT show_reblogs",
                        "DELETE FROM favourites",
                        "TRUNCATE favourites",
                        "ALTER TABLE follows ADD COLUMN attacked int",
                        "ALTER TABLE follows DISABLE TRIGGER ALL",
                        "CREATE TABLE attacked (n int)",
                        "DROP SCHEMA switchback CASCADE");
        while (!over.get()) {
            try (Connection session = Pg.open(login)) {
                Sql.run(session, "SET lock_timeout = '300ms'");
                for (String write : writes) {
                    attempts.incrementAndGet();
                    try {
                        Sql.run(session, "BEGIN READ WRITE");
                        Sql.run(session, write);
                        Sql.run(session, "COMMIT");
                        acknowledged.add(login.user() + ": " + write);
                    } catch (SQLException refused) {
                        Sql.run(session, "ROLLBACK");
                    }
                }
                replicaRole(session, login, writes.getFirst(), acknowledged);
            } catch (SQLException | RuntimeException thrownOut) {
                attempts.incrementAndGet();
            }
        }
    }

    /** What a subscription's worker says of itself, a superuser can say too. */
    private static void replicaRole(
            Connection session, ConnectionSpec login, String write, List<String> acknowledged)
            throws SQLException {
        try {
            Sql.run(session, "SET session_replication_role = replica");
            Sql.run(session, "BEGIN READ WRITE");
            Sql.run(session, write);
            Sql.run(session, "COMMIT");
            acknowledged.add(login.user() + " as replica: " + write);
        } catch (SQLException refused) {
            Sql.run(session, "ROLLBACK");
        }
    }

    @Test
    void aDefinitionChangedOnTheTargetAndARowInTheWayOnTheSourceTakeTheWayBackWithDataAway()
            throws Exception {
        try (OnlineRig online = migrated()) {
            var source = online.rig.lab.source();
            var target = online.rig.lab.target();
            assertThat(rollback(online)).isEqualTo("withData");

            OnlineRig.on(target, "ALTER TABLE follows ADD COLUMN surprise int");
            assertThat(rollback(online)).isEqualTo("loses-writes");
            refused(online, "definitions differ");
            OnlineRig.on(target, "ALTER TABLE follows DROP COLUMN surprise");
            assertThat(rollback(online)).isEqualTo("withData");

            // a superuser takes the fence off for a moment: the same key on both sides
            String row =
                    "INSERT INTO relays (id, inbox_url) VALUES (987654321, 'https://in.the.way/')";
            OnlineRig.on(
                    source,
                    "ALTER EVENT TRIGGER switchback_fence_ddl DISABLE;"
                            + " ALTER TABLE public.relays DISABLE TRIGGER switchback_fence; "
                            + row
                            + "; ALTER TABLE public.relays ENABLE ALWAYS TRIGGER switchback_fence;"
                            + " ALTER EVENT TRIGGER switchback_fence_ddl ENABLE ALWAYS");
            OnlineRig.on(target, row);
            Await.until(
                    "the conflict stops the link",
                    Duration.ofSeconds(30),
                    () -> !online.reverse().status().healthy());
            for (int look = 0; look < 5; look++) {
                assertThat(rollback(online)).as("look %d", look).isEqualTo("loses-writes");
            }
            refused(online, "reverse link is broken");
            assertThat(OpenSides.of(online.rig.lab)).isEqualTo(new OpenSides(false, true));

            // the row out of the way, the link goes on where it stood
            OnlineRig.on(
                    source,
                    "ALTER EVENT TRIGGER switchback_fence_ddl DISABLE;"
                            + " ALTER TABLE public.relays DISABLE TRIGGER switchback_fence;"
                            + " DELETE FROM relays WHERE id = 987654321;"
                            + " ALTER TABLE public.relays ENABLE ALWAYS TRIGGER switchback_fence;"
                            + " ALTER EVENT TRIGGER switchback_fence_ddl ENABLE ALWAYS");
            online.assertOpenOnTheTargetWithAHealthyLink();
        }
    }

    private static String rollback(OnlineRig online) throws Exception {
        Program.Result status = online.run("status");
        assertThat(status.exit()).as(status.err()).isZero();
        return JSON.readTree(status.out()).path("rollback").path("state").asText();
    }

    private static void refused(OnlineRig online, String why) throws Exception {
        Program.Result refused = online.run("rollback");
        assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
        assertThat(refused.err()).contains("--accept-data-loss", why);
    }
}
