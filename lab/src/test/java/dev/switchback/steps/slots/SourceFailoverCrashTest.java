package dev.switchback.steps.slots;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.Await;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Sql;
import dev.switchback.zalando.Continuity;
import dev.switchback.zalando.Continuity.Verdict;
import dev.switchback.zalando.Leader;
import dev.switchback.zalando.TimelineHistory;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The leader of a real Patroni source dies while a subscription, pinned to it, follows a writer:
 * what may go on, and what must not.
 */
@Tag("boundaries")
@Timeout(420)
@Tag("long")
class SourceFailoverCrashTest {
    private SourceRig rig;
    private PatroniSource source;
    private PgServer target;
    private SteadyWriter writer;
    private int old;
    private int other;
    private Leader before;

    @BeforeEach
    void start() throws Exception {
        rig = new SourceRig();
        source = rig.source;
        target = PgServer.start(17);
        new StepRun(new EnableLogicalWal(rig.world()), Map.of()).forward();
        old = source.leader();
        other = source.replica();
        source.run(old, "postgres", "CREATE DATABASE shop");
        source.run(old, "shop", "CREATE TABLE entry (id bigint PRIMARY KEY)");
        source.run(old, "shop", "CREATE PUBLICATION ours FOR TABLE entry");
        StepRun protect =
                new StepRun(
                        new ProtectSlot(rig.world()),
                        SourceRig.made(rig.slot("shop", SourceRig.SLOT)));
        protect.forward();
        source.awaitStreaming();
        before = Leader.read(rig.world().source(), "switchback/testrun1/test");
        assertThat(before.pod()).isEqualTo(PatroniSource.pod(old));
        assertThat(before.address()).isEqualTo(source.address(old));
        target("CREATE TABLE entry (id bigint PRIMARY KEY)");
        target(
                "CREATE SUBSCRIPTION ours CONNECTION '"
                        + conninfo(before)
                        + "' PUBLICATION ours WITH (copy_data = false, create_slot = false, slot_name = "
                        + SourceRig.SLOT
                        + ")");
        writer = new SteadyWriter(source, "shop");
        writer.to(old);
        Await.until(
                "rows arrive",
                Duration.ofSeconds(20),
                () -> ids(target.connect("postgres")).size() > 100);
    }

    @AfterEach
    void stop() throws Exception {
        writer.close();
        target.close();
        rig.close();
    }

    private static String conninfo(Leader leader) {
        return "host="
                + leader.address()
                + " port=5432 dbname=shop user=postgres password="
                + PatroniSource.PASSWORD.reveal()
                + " sslmode=require connect_timeout=5 target_session_attrs=primary";
    }

    private void target(String sql) throws Exception {
        try (Connection connection = target.connect("postgres")) {
            Sql.run(connection, sql);
        }
    }

    private static Set<Long> ids(Connection server) throws Exception {
        try (server) {
            List<Long> ids = Sql.list(server, "SELECT id FROM entry", row -> row.getLong(1));
            assertThat(ids).doesNotHaveDuplicates();
            return new HashSet<>(ids);
        }
    }

    private Lsn applied() throws Exception {
        try (Connection connection = target.connect("postgres")) {
            return Lsn.parse(
                    Sql.one(
                            connection,
                            "SELECT o.remote_lsn FROM pg_replication_origin_status o"
                                    + " JOIN pg_subscription s ON o.external_id = 'pg_' || s.oid"));
        }
    }

    /** The old leader dies; the other one leads. */
    private Leader failOver() throws Exception {
        source.kill(old);
        source.awaitLeaderAfter(old);
        Await.until(
                "Kubernetes shows the new leader",
                Duration.ofSeconds(30),
                () ->
                        rig.world()
                                .source()
                                .patroni()
                                .orElseThrow()
                                .leader()
                                .equals(PatroniSource.pod(other)));
        Leader now = Leader.read(rig.world().source(), "switchback/testrun1/test");
        assertThat(now.address()).isEqualTo(source.address(other));
        assertThat(now.timeline()).isGreaterThan(before.timeline());
        assertThat(now.systemIdentifier()).isEqualTo(before.systemIdentifier());
        return now;
    }

    private Continuity judge(Leader now) throws Exception {
        try (Connection leader = source.connect(other, "postgres")) {
            return Continuity.of(before, now, TimelineHistory.read(leader), applied());
        }
    }

    @Test
    void withACurrentReplicaTheStreamGoesOnAndLosesNothingOnceTheConnectionIsMoved()
            throws Exception {
        writer.to(0);
        Await.until(
                "everybody has everything",
                Duration.ofSeconds(20),
                () ->
                        ids(target.connect("postgres")).containsAll(writer.acknowledged())
                                && ids(source.connect(other, "shop"))
                                        .containsAll(writer.acknowledged()));
        Leader now = failOver();
        writer.to(other);
        Continuity judged = judge(now);
        assertThat(judged.verdict()).as(judged.why()).isEqualTo(Verdict.CONTINUOUS);

        int then = ids(target.connect("postgres")).size();
        int writtenThen = writer.acknowledged().size();
        Await.until(
                "the new leader is written to",
                Duration.ofSeconds(20),
                () -> writer.acknowledged().size() > writtenThen + 100);
        assertThat(ids(target.connect("postgres")))
                .as("a pinned subscription does not follow by itself")
                .hasSize(then);

        target("ALTER SUBSCRIPTION ours CONNECTION '" + conninfo(now) + "'");
        Await.until(
                "rows arrive again",
                Duration.ofSeconds(60),
                () -> ids(target.connect("postgres")).size() > then + 100);
        writer.to(0);
        Await.until(
                "the target has what the leader has",
                Duration.ofSeconds(60),
                () -> ids(target.connect("postgres")).equals(ids(source.connect(other, "shop"))));
        assertThat(ids(target.connect("postgres"))).containsAll(writer.acknowledged());
    }

    @Test
    void withAReplicaThatWasBehindTheCopyIsDivergedAndNothingOfItIsResumed() throws Exception {
        // the replica is refused from now on: its receiver ends and cannot come back
        source.run(old, "postgres", "ALTER ROLE standby NOLOGIN");
        source.run(
                old,
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_replication WHERE application_name = '"
                        + PatroniSource.pod(other)
                        + "'");
        Await.until(
                "the target is ahead of the replica",
                Duration.ofSeconds(30),
                () ->
                        ids(target.connect("postgres")).size()
                                > ids(source.connect(other, "shop")).size() + 100);
        Leader now = failOver();
        Continuity judged = judge(now);
        assertThat(judged.verdict()).as(judged.why()).isEqualTo(Verdict.DIVERGED);
        Set<Long> phantoms = ids(target.connect("postgres"));
        phantoms.removeAll(ids(source.connect(other, "shop")));
        assertThat(phantoms).as("rows that the new leader never had").hasSizeGreaterThan(100);
        assertThat(
                        source.one(
                                other,
                                "postgres",
                                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '"
                                        + SourceRig.SLOT
                                        + "' AND NOT active"))
                .as("the slot is there, and nobody reads from it")
                .isEqualTo("1");
    }
}
