package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.s3.S3Server;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What check says of a backup that is to be taken, and cannot be. */
@Tag("boundaries")
class BackupChecksKubeTest {

    @Test
    void eachThingThatWouldKeepTheBackupFromBeingTakenIsOneFinding(@TempDir Path folder)
            throws Exception {
        try (Rig rig = new Rig()) {
            String to = "mode: dump, to: {path: " + folder + "}";
            Checks.Result fine = check(rig, "{" + to + ", keyTables: [accounts], minSize: 1k}");
            assertThat(fine.verdict()).as("%s", fine.problems()).isEqualTo(Checks.Verdict.PASS);
            assertThat(folder).isEmptyDirectory();

            finding(
                    check(rig, "{" + to + ", keyTables: [accounts, no_such]}"),
                    Code.BACKUP_KEY_TABLE,
                    "no database to be migrated has this key table");
            finding(
                    check(rig, "{" + to + ", keyTables: [accounts], minSize: 1Ti}"),
                    Code.BACKUP_TOO_SMALL,
                    "no dump of them reaches spec.backup.minSize");
            finding(
                    check(rig, "{mode: dump, to: {path: /no/such}, keyTables: [accounts]}"),
                    Code.BACKUP_DESTINATION,
                    "");
            bucket(rig);
            assertThat(folder).isEmptyDirectory();
        }
    }

    private static void bucket(Rig rig) throws Exception {
        S3Server s3 = rig.lab.closing(S3Server.start("backups"));
        String backup =
                "{mode: dump, keyTables: [accounts], to: {s3: {bucket: backups, secret: backup-s3, endpoint: \""
                        + s3.endpoint()
                        + "\"}}}";
        finding(check(rig, backup), Code.KUBE_NOT_FOUND, "");
        secret(rig, Map.of("AWS_ACCESS_KEY_ID", S3Server.KEY_ID));
        finding(check(rig, backup), Code.SECRET_INCOMPLETE, "AWS_SECRET_ACCESS_KEY");
        secret(rig, Map.of("AWS_ACCESS_KEY_ID", S3Server.KEY_ID, "AWS_SECRET_ACCESS_KEY", "no"));
        finding(check(rig, backup), Code.BACKUP_BUCKET, "403");
        secret(
                rig,
                Map.of(
                        "AWS_ACCESS_KEY_ID",
                        S3Server.KEY_ID,
                        "AWS_SECRET_ACCESS_KEY",
                        S3Server.KEY));
        Checks.Result fine = check(rig, backup);
        assertThat(fine.verdict()).as("%s", fine.problems()).isEqualTo(Checks.Verdict.PASS);
        assertThat(s3.keys("backups")).isEmpty();
    }

    private static void finding(Checks.Result result, Code code, String words) {
        assertThat(result.verdict()).isNotEqualTo(Checks.Verdict.PASS);
        assertThat(result.problems()).hasSize(1);
        Problem problem = result.problems().getFirst();
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.what()).contains(words).doesNotContain(S3Server.KEY);
        assertThat(problem.remedy()).isNotEmpty();
    }

    private static void secret(Rig rig, Map<String, String> values) {
        var secrets = rig.lab.kube().client().secrets().inNamespace(MastodonCluster.NAMESPACE);
        secrets.withName("backup-s3").delete();
        secrets.resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withName("backup-s3")
                                .endMetadata()
                                .withStringData(values)
                                .build())
                .create();
    }

    private static Checks.Result check(Rig rig, String backup) throws Exception {
        Path document =
                Files.writeString(
                        rig.lab.folder().resolve("checked.yaml"),
                        Lab.DOCUMENT + "  backup: " + backup + "\n");
        try (Stage stage = rig.stage(document)) {
            return Checks.run(stage.offline(), "test", "", false).stream()
                    .filter(r -> r.step().id().equals("check-backup"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
