package dev.switchback.steps.slots;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Program;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whole migrations by the shipped program from a real Patroni cluster whose leader dies under it:
 * they end proven, or say that the copy is invalid; never silently short.
 */
@Tag("boundaries")
@Tag("long")
@Timeout(600)
class PatroniMigrationCrashTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private WholeRig rig;
    private PatroniSource source;
    private SteadyWriter writer;
    private int old;
    private int other;

    @BeforeEach
    void start() throws Exception {
        rig = new WholeRig();
        source = rig.source;
        old = source.leader();
        other = source.replica();
        source.run(old, "mastodon", "CREATE TABLE entry (id bigint PRIMARY KEY)");
        source.run(old, "mastodon", "ALTER TABLE entry OWNER TO mastodon");
        writer = new SteadyWriter(source, "mastodon");
        writer.to(old);
    }

    @AfterEach
    void stop() throws Exception {
        writer.close();
        rig.close();
    }

    private static Set<Long> ids(Connection server) throws Exception {
        try (server) {
            List<Long> ids = Sql.list(server, "SELECT id FROM entry", row -> row.getLong(1));
            assertThat(ids).doesNotHaveDuplicates();
            return new HashSet<>(ids);
        }
    }

    private Set<Long> onSource(int member) throws Exception {
        return ids(source.connect(member, "mastodon"));
    }

    private Set<Long> onTarget() throws Exception {
        return ids(rig.onTarget());
    }

    /** Everything is prepared, and the target follows. */
    private void follow() throws Exception {
        Program.Result synced = rig.start("migrate", "--yes", "--until", "sync").await(240);
        assertThat(synced.exit()).as(synced.err()).isZero();
    }

    /** A holder that watches the link until its time has come. */
    private Program.Running holdUntil(Instant time) throws Exception {
        Program.Running cutover =
                rig.start(
                        "cutover",
                        "--yes",
                        "--at",
                        time.truncatedTo(ChronoUnit.SECONDS).toString());
        try {
            Await.until(
                    "it waits",
                    Duration.ofSeconds(60),
                    () -> {
                        assertThat(cutover.isAlive()).as(cutover::errSoFar).isTrue();
                        return cutover.errSoFar().contains("waiting until");
                    });
        } catch (AssertionError e) {
            throw new AssertionError(cutover.errSoFar(), e);
        }
        return cutover;
    }

    @Test
    void leaderKilledInMidStreamWithACurrentReplicaEndsMigratedAndProven() throws Exception {
        follow();
        Program.Running cutover = holdUntil(Instant.now().plusSeconds(140));
        writer.to(0);
        Await.until(
                "the replica has everything",
                Duration.ofSeconds(20),
                () -> onSource(other).containsAll(writer.acknowledged()));
        source.kill(old);
        source.awaitLeaderAfter(old);
        writer.to(other);
        // as Kubernetes starts a pod again; its copies of our slots are dropped at the end
        source.startAgain();
        source.awaitStreaming();
        Program.Result done = cutover.await(240);
        writer.to(0);

        assertThat(done.exit()).as(done.err()).isZero();
        assertThat(done.err()).contains("failed over to timeline", "the target follows its leader");
        JsonNode result = JSON.readTree(done.out());
        assertThat(result.path("result").asText()).isEqualTo("migrated");
        assertThat(result.path("mismatches").asInt(-1)).isZero();
        assertThat(onTarget()).containsAll(writer.acknowledged()).isEqualTo(onSource(other));
    }

    @Test
    void leaderKilledInMidStreamWithAReplicaThatWasBehindIsSaidToBeInvalid() throws Exception {
        follow();
        Program.Running cutover = holdUntil(Instant.now().plusSeconds(150));
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
                () -> onTarget().size() > onSource(other).size() + 100);
        source.kill(old);
        source.awaitLeaderAfter(old);
        writer.to(other);
        Program.Result refused = cutover.await(240);

        assertThat(refused.exit()).as(refused.err()).isNotZero();
        assertThat(refused.err()).contains("that the source lost", "the copy is invalid");
        assertThat(rig.target.isRunning()).isTrue();
        writer.to(0);
        source.run(other, "postgres", "ALTER ROLE standby LOGIN");
        source.startAgain();
        source.awaitStreaming();
        Program.Result again = rig.start("cutover", "--yes").await(120);
        assertThat(again.exit()).as(again.err()).isNotZero();
        assertThat(again.err()).as("nor by the next process").contains("invalid");
    }

    @Test
    void leaderKilledInMidCopyEndsWithACopyOfTheNewLeader() throws Exception {
        source.run(
                old,
                "mastodon",
                "CREATE TABLE ballast AS SELECT id, repeat(md5(id::text), 16) AS text"
                        + " FROM generate_series(1, 300000) id;"
                        + " ALTER TABLE ballast ADD PRIMARY KEY (id), OWNER TO mastodon");
        Program.Running migrate = rig.start("migrate", "--yes", "--until", "sync");
        Await.until(
                "rows are copied",
                Duration.ofMinutes(3),
                () -> {
                    assertThat(migrate.isAlive()).as(migrate::errSoFar).isTrue();
                    return migrate.errSoFar().contains("....  seed-tables");
                });
        source.kill(old);
        source.awaitLeaderAfter(old);
        Program.Result broken = migrate.await(240);
        writer.to(other);
        Program.Result unsettled = rig.start("migrate", "--yes", "--until", "sync").await(240);
        assertThat(unsettled.exit()).as("a member is missing").isEqualTo(3);
        source.startAgain();
        source.awaitStreaming();
        Program.Result again = rig.start("migrate", "--yes", "--until", "sync").await(240);
        assertThat(again.exit()).as(broken.err() + again.err()).isZero();
        Program.Result done = rig.start("cutover", "--yes").await(240);
        writer.to(0);

        assertThat(done.exit()).as(done.err()).isZero();
        assertThat(broken.exit()).as("the copy was under way").isNotZero();
        assertThat(onTarget()).isEqualTo(onSource(other));
    }
}
