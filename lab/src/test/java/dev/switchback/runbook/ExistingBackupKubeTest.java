package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.fault.Code;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.pg.Sql;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What check says of the backups that Zalando's cluster takes by itself. */
@Tag("boundaries")
class ExistingBackupKubeTest {

    @Test
    void anExistingBackupIsFoundJudgedByItsAgeAndNeverAssumed(@TempDir Path archive)
            throws Exception {
        try (Rig rig = new Rig()) {
            Checks.Result unseen = check(rig);
            assertThat(unseen.verdict()).isEqualTo(Checks.Verdict.UNKNOWN);
            assertThat(unseen.problems())
                    .singleElement()
                    .satisfies(p -> {
                        assertThat(p.code()).isEqualTo(Code.BACKUP_UNSEEN);
                        assertThat(p.what())
                                .contains("CronJob mastodon/logical-backup-mastodon-postgresql")
                                .contains("tells of no run that succeeded")
                                .contains("archive_mode is off");
                        assertThat(p.remedy()).contains("kubectl -n mastodon create job");
                    });

            job(rig, "old", Instant.now().minus(Duration.ofHours(26)), true);
            job(rig, "failed", Instant.now(), false);
            Checks.Result old = check(rig);
            assertThat(old.verdict()).isEqualTo(Checks.Verdict.FAIL);
            assertThat(old.problems().getFirst().code()).isEqualTo(Code.BACKUP_TOO_OLD);
            assertThat(old.problems().getFirst().what()).contains("26h 0m old", "maxAge is 24h 0m");

            job(rig, "young", Instant.now().minus(Duration.ofHours(2)), true);
            Checks.Result young = check(rig);
            assertThat(young.verdict()).isEqualTo(Checks.Verdict.PASS);
            assertThat(young.evidence().require("logicalBackup")).contains("2h 0m old");

            rig.lab
                    .kube()
                    .client()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(MastodonCluster.NAMESPACE)
                    .withName("logical-young")
                    .delete();
            baseBackup(rig, archive);
        }
    }

    private static void baseBackup(Rig rig, Path archive) throws Exception {
        try (Connection source = rig.lab.source().connect("postgres")) {
            Sql.run(source, "ALTER SYSTEM SET archive_mode = on");
            Sql.run(source, "ALTER SYSTEM SET archive_command = '/bin/true'");
        }
        rig.lab.source().stop();
        rig.lab.source().restart();
        assertThat(check(rig).problems().getFirst().what())
                .contains("archive_command keeps nothing");
        try (Connection source = rig.lab.source().connect("postgres")) {
            Sql.run(source, "ALTER SYSTEM SET archive_command = 'cp %p " + archive + "/%f'");
            Sql.run(source, "SELECT pg_reload_conf()");
            take(source, "pg_basebackup base backup", archive, 1);
        }
        assertThat(check(rig).problems().getFirst().what())
                .contains("pg_wal on the primary tells of no archived base backup");
        try (Connection source = rig.lab.source().connect("postgres")) {
            take(source, "wal-g", archive, 2);
        }
        Checks.Result seen = check(rig);
        assertThat(seen.verdict()).as("%s", seen.problems()).isEqualTo(Checks.Verdict.PASS);
        assertThat(seen.evidence().require("baseBackup")).startsWith("base backup 'wal-g' (");
    }

    /** What wal-g does on the server, without the copying in between. */
    private static void take(Connection source, String label, Path archive, int files)
            throws Exception {
        Sql.one(source, "SELECT pg_backup_start(?, true)", label);
        Sql.one(source, "SELECT lsn FROM pg_backup_stop(true)");
        Await.until(
                "the history file is archived",
                Duration.ofSeconds(30),
                () -> {
                    try (var found = Files.newDirectoryStream(archive, "*.backup")) {
                        int count = 0;
                        for (Path ignored : found) {
                            count++;
                        }
                        return count == files
                                && Sql.one(
                                                source,
                                                "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.backup.done'")
                                        .equals("1");
                    }
                });
    }

    private static Checks.Result check(Rig rig) throws Exception {
        Path document =
                Files.writeString(
                        rig.lab.folder().resolve("existing.yaml"),
                        Lab.DOCUMENT + "  backup: {mode: existing, maxAge: 24h}\n");
        try (Stage stage = rig.stage(document)) {
            return Checks.run(stage.offline(), "test", "", false).stream()
                    .filter(r -> r.step().id().equals("check-backup"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void job(Rig rig, String name, Instant ended, boolean succeeded) {
        Job job =
                new JobBuilder()
                        .withNewMetadata()
                        .withName("logical-" + name)
                        .addNewOwnerReference()
                        .withApiVersion("batch/v1")
                        .withKind("CronJob")
                        .withName("logical-backup-mastodon-postgresql")
                        .withUid("1")
                        .endOwnerReference()
                        .endMetadata()
                        .withNewStatus()
                        .withSucceeded(succeeded ? 1 : 0)
                        .withFailed(succeeded ? 0 : 1)
                        .withCompletionTime(ended.toString())
                        .endStatus()
                        .build();
        var jobs =
                rig.lab.kube().client().batch().v1().jobs().inNamespace(MastodonCluster.NAMESPACE);
        Job made = jobs.resource(job).create();
        made.setStatus(job.getStatus());
        jobs.resource(made).updateStatus();
    }
}
