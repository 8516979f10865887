package dev.switchback.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.s3.S3Server;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BucketBackupPgTest {
    private static Shop shop;
    private static S3Server s3;

    @BeforeAll
    static void start() throws Exception {
        shop = new Shop();
        s3 = S3Server.start("backups");
    }

    @AfterAll
    static void stop() {
        s3.close();
        shop.close();
    }

    private static BucketAccess access(URI endpoint, String bucket, String key) {
        return new BucketAccess(
                bucket,
                "mastodon/safety",
                Optional.of(endpoint),
                "us-east-1",
                Secret.of(S3Server.KEY_ID),
                Secret.of(key),
                Optional.empty(),
                Optional.empty());
    }

    private static SafetyBackup backup(String name) {
        return SafetyBackup.in(
                new BucketPlace(
                        access(s3.endpoint(), "backups", S3Server.KEY), BucketPlace.LEAST_PART),
                name);
    }

    private static Dump dump(
            SafetyBackup backup, String database, SafetyBackup.Manner manner, List<String> uploads)
            throws InterruptedException {
        return backup.dump(
                shop.database(database), manner, uploads::add, Stopper.NEVER, note -> {});
    }

    @Test
    void aDumpIsStreamedInPartsAndProvenFromWhatLiesInTheBucket() throws Exception {
        List<String> uploads = new ArrayList<>();
        try (SafetyBackup backup = backup("s1")) {
            assertThat(backup.obstacles(1)).isEmpty();
            backup.begin();
            Dump dump = dump(backup, "bulk", Shop.manner("big"), uploads);

            assertThat(uploads).hasSize(1);
            assertThat(dump.bytes()).isGreaterThan(2L * BucketPlace.LEAST_PART);
            Dump.Proof proof = dump.prove(shop.scratch(), Stopper.NEVER);
            assertThat(proof.keyRows()).containsExactly(Map.entry("bulk.public.big", 400_000L));

            backup.finish();
            backup.discard(Map.of(dump.archive(), uploads.getFirst()));
            assertThat(s3.keys("backups")).contains("mastodon/safety/s1/bulk.dump");
            assertThat(backup.finished(List.of(dump.archive()))).contains(dump.bytes());
            assertThat(backup.location()).isEqualTo("s3://backups/mastodon/safety/s1");
        }
    }

    @Test
    void anObjectThatIsNotWhatWasWrittenIsNotProven() throws Exception {
        try (SafetyBackup backup = backup("s2")) {
            backup.begin();
            Dump dump = dump(backup, Shop.DATABASE, Shop.manner("accounts"), new ArrayList<>());
            assertThat(dump.prove(shop.scratch(), Stopper.NEVER).keyRows())
                    .containsEntry("my shop.public.accounts", 300L);

            s3.replace(
                    "backups",
                    "mastodon/safety/s2/" + dump.archive(),
                    "somebody else's".getBytes(StandardCharsets.UTF_8));
            assertFails(
                    () -> dump.prove(null, Stopper.NEVER), Code.BACKUP_NOT_PROVEN, "pg_restore");
        }
    }

    @Test
    void pgDumpThatFailsLeavesNeitherObjectNorUpload() throws Exception {
        List<String> uploads = new ArrayList<>();
        try (SafetyBackup backup = backup("s3")) {
            backup.begin();
            assertFails(
                    () ->
                            backup.dump(
                                    shop.database("bulk")
                                            .withApplicationName("switchback/test/killed"),
                                    Shop.at(Shop.manner(), 1 << 20),
                                    upload -> {
                                        uploads.add(upload);
                                        endSessions();
                                    },
                                    Stopper.NEVER,
                                    note -> {}),
                    Code.BACKUP_FAILED,
                    "pg_dump ended with 1");
            assertThat(uploads).hasSize(1);
            assertThat(s3.keys("backups")).noneMatch(k -> k.contains("/s3/"));
            assertThat(s3.unfinished("backups")).noneMatch(k -> k.contains("/s3/"));
        }
    }

    /**
     * The administrator's command, again and again until pg_dump's session was there to be ended.
     */
    private static void endSessions() {
        Thread.ofVirtual()
                .start(() -> {
                    try (Connection postgres = shop.server.connect("postgres")) {
                        String ended = "0";
                        while (ended.equals("0")) {
                            ended =
                                    Sql.one(
                                            postgres,
                                            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                                    + " WHERE application_name = 'switchback/test/killed'"
                                                    + " AND query LIKE 'COPY%'");
                        }
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    @Test
    void whatACrashedProcessLeftIsAbortedByTheNext() {
        try (SafetyBackup crashed = backup("s4");
                Bucket raw = Bucket.open(access(s3.endpoint(), "backups", S3Server.KEY))) {
            String left = raw.create("s4/left.dump");
            raw.part("s4/left.dump", left, 1, new byte[BucketPlace.LEAST_PART], 5);
            String others = raw.create("s40/another.dump");
            assertThat(s3.unfinished("backups")).contains("mastodon/safety/s4/left.dump");

            crashed.discard(Map.of());
            assertThat(s3.unfinished("backups"))
                    .doesNotContain("mastodon/safety/s4/left.dump")
                    .contains("mastodon/safety/s40/another.dump");
            raw.abort("s40/another.dump", others);
            crashed.discard(Map.of("left.dump", left));
        }
    }

    @Test
    void aBucketThatRefusesIsMissingOrAwayIsOneErrorEach() {
        obstacle(access(s3.endpoint(), "backups", "wrong"), "status 403", "rights");
        obstacle(access(s3.endpoint(), "no-such-bucket", S3Server.KEY), "404", "create the bucket");
        obstacle(
                access(URI.create("http://127.0.0.1:1"), "backups", S3Server.KEY),
                "127.0.0.1",
                "endpoint");
        assertThat(s3.unfinished("backups")).noneMatch(k -> k.contains("switchback-check"));
    }

    private static void obstacle(BucketAccess access, String words, String remedy) {
        try (SafetyBackup backup = SafetyBackup.in(access, "x")) {
            assertThat(backup.obstacles(1))
                    .singleElement()
                    .satisfies(p -> {
                        assertThat(p.code()).isEqualTo(Code.BACKUP_BUCKET);
                        assertThat(p.what()).contains(words).doesNotContain(S3Server.KEY);
                        assertThat(p.remedy()).contains(remedy);
                    });
        }
    }

    private static void assertFails(ThrowingCallable call, Code code, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(code);
                            assertThat(e.problems()).hasSize(1);
                            assertThat(e.problem().what()).contains(words);
                        });
    }
}
