package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.demo.Program;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.lab.s3.S3Server;
import dev.switchback.pg.LibpqEnvironment;
import dev.switchback.pg.Sql;
import dev.switchback.schema.ClientTools;
import dev.switchback.steps.backup.TakeBackup;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole migrations with a safety backup: in a folder behind the fence, in a bucket before it. */
@Tag("boundaries")
class BackupKubeTest {
    private static final Duration SOON = Duration.ofMillis(600);

    @Test
    void behindTheFenceIntoAFolderAndWhatLiesThereIsADatabaseAgain(@TempDir Path folder)
            throws Exception {
        try (Rig rig = new Rig()) {
            Path document =
                    document(
                            rig,
                            "{at: fence, mode: dump, to: {path: "
                                    + folder
                                    + "}, keyTables: [accounts, statuses], minSize: 1k}");
            // a reverse link would go on writing to the source, which the archive is compared with
            Files.writeString(document, "  rollback: {link: none}\n", StandardOpenOption.APPEND);
            RunResult idle =
                    rig.migrate(
                            document,
                            book ->
                                    Rig.with(
                                            book,
                                            TakeBackup.AT_FENCE,
                                            real -> AlteredStep.idle(real, SOON)),
                            options -> options);
            assertThat(idle.outcome()).isEqualTo(Outcome.RELEASED);
            rig.assertSourceServes();
            assertThat(folder).isEmptyDirectory();

            RunResult done = rig.migrate(document, book -> book, options -> options);
            assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);

            Facts evidence = evidence(rig, TakeBackup.AT_FENCE);
            Path finished = Path.of(evidence.require("location"));
            assertThat(finished).isDirectory().hasParent(folder);
            assertThat(evidence.require("keyTables")).contains("mastodon.public.accounts ");
            assertThat(evidence(rig, TakeBackup.AT_PREPARE).require("backup"))
                    .isEqualTo("taken at: fence");
            assertNoScratch(rig);
            restored(rig, finished.resolve(evidence.require("archives")), folder);
            rig.assertMigrated();
        }
    }

    @Test
    void intoABucketKilledInTheMiddleAndGoneOnWith() throws Exception {
        try (Rig rig = new Rig()) {
            S3Server s3 = rig.lab.closing(S3Server.start("backups"));
            secret(rig);
            Path document =
                    document(
                            rig,
                            """
                            {mode: dump, keyTables: [accounts, statuses, users], maxRate: 10k,
                                to: {s3: {bucket: backups, prefix: m, secret: backup-s3, endpoint: "%s"}}}\
                            """
                                    .formatted(s3.endpoint()));
            Program.Running first = start(rig, document);
            Await.until(
                    "the dump is under way",
                    Duration.ofSeconds(60),
                    () -> {
                        assertThat(first.isAlive()).as(first::errSoFar).isTrue();
                        // check-backup opens and aborts one of its own
                        return s3.unfinished("backups").stream()
                                .anyMatch(key -> key.contains("switchback-mastodon"));
                    });
            first.kill();
            first.await(30);
            assertThat(s3.keys("backups")).isEmpty();

            Program.Result result = start(rig, document, "--max-rate", "1Gi").await(120);
            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(s3.unfinished("backups")).isEmpty();
            assertThat(s3.keys("backups"))
                    .singleElement()
                    .asString()
                    .matches("m/switchback-mastodon-[0-9a-f]{12}-1/mastodon\\.dump");
            assertThat(result.out()).contains("\"state\" : \"proven\"", "s3://backups/m/");
            assertThat(result.out() + result.err()).doesNotContain(S3Server.KEY);
            assertNoScratch(rig);
            rig.assertMigrated();
        }
    }

    @Test
    void beforeTheStopIntoAFolderAndTheDirectoryStays(@TempDir Path folder) throws Exception {
        try (Rig rig = new Rig()) {
            Path document =
                    document(
                            rig, "{mode: dump, to: {path: " + folder + "}, keyTables: [accounts]}");
            RunResult done = rig.migrate(document, book -> book, options -> options);
            assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);

            Facts evidence = evidence(rig, TakeBackup.AT_PREPARE);
            assertThat(Path.of(evidence.require("location"), evidence.require("archives")))
                    .isDirectoryContaining("glob:**toc.dat");
            assertThat(evidence(rig, TakeBackup.AT_FENCE).require("backup"))
                    .isEqualTo("taken at: prepare");
            assertNoScratch(rig);
            rig.assertMigrated();
        }
    }

    @Test
    void anUploadThatAKilledProcessLeftIsTakenAwayByAbort() throws Exception {
        try (Rig rig = new Rig()) {
            S3Server s3 = rig.lab.closing(S3Server.start("backups"));
            secret(rig);
            Path document =
                    document(
                            rig,
                            """
                            {mode: dump, keyTables: [accounts], maxRate: 10k,
                                to: {s3: {bucket: backups, prefix: m, secret: backup-s3, endpoint: "%s"}}}\
                            """
                                    .formatted(s3.endpoint()));
            Program.Running migrate = start(rig, document);
            Await.until(
                    "the upload is journalled",
                    Duration.ofSeconds(60),
                    () -> {
                        assertThat(migrate.isAlive()).as(migrate::errSoFar).isTrue();
                        return s3.unfinished("backups").stream()
                                        .anyMatch(key -> key.contains("switchback-mastodon"))
                                && evidence(rig, TakeBackup.AT_PREPARE)
                                        .get("upload/mastodon.dump")
                                        .isPresent();
                    });
            migrate.kill();
            migrate.await(30);

            Program.Result byHand = run(rig, document, List.of("undo-commands")).await(60);
            assertThat(byHand.out())
                    .contains("aws s3api abort-multipart-upload --bucket 'backups'");
            assertThat(byHand.out()).doesNotContain(S3Server.KEY);
            Program.Result aborted = run(rig, document, List.of("abort")).await(60);
            assertThat(aborted.exit()).as(aborted.err()).isZero();
            assertThat(s3.unfinished("backups")).isEmpty();
            assertThat(s3.keys("backups")).isEmpty();
            assertNoScratch(rig);
            rig.assertSourceServes();
        }
    }

    private static Program.Running start(Rig rig, Path document, String... more) {
        List<String> words = new ArrayList<>(List.of("migrate", "--yes"));
        words.addAll(List.of(more));
        return run(rig, document, words);
    }

    private static Program.Running run(Rig rig, Path document, List<String> words) {
        List<String> command = new ArrayList<>(words);
        command.addAll(List.of("-f", document.toString()));
        command.addAll(
                List.of("--kubeconfig", rig.lab.kubeconfig().toString(), "--direct", "-o", "json"));
        return rig.program.start(false, command);
    }

    private static Path document(Rig rig, String backup) throws IOException {
        return Files.writeString(
                rig.lab.folder().resolve("backup.yaml"),
                Lab.DOCUMENT + "  backup: " + backup + "\n");
    }

    private static void secret(Rig rig) {
        rig.lab
                .kube()
                .client()
                .secrets()
                .inNamespace(MastodonCluster.NAMESPACE)
                .resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withName("backup-s3")
                                .endMetadata()
                                .withStringData(
                                        Map.of(
                                                "ACCESS_KEY_ID", S3Server.KEY_ID,
                                                "ACCESS_SECRET_KEY", S3Server.KEY))
                                .build())
                .create();
    }

    private static Facts evidence(Rig rig, String step) {
        return rig.journal().step(step).map(JournalState.StepRecord::evidence).orElseThrow();
    }

    private static void assertNoScratch(Rig rig) throws SQLException {
        try (Connection target = rig.lab.target().connect("postgres")) {
            assertThat(
                            Sql.one(
                                    target,
                                    "SELECT count(*) FROM pg_database WHERE datname LIKE 'switchback%'"))
                    .isEqualTo("0");
        }
    }

    /** By the two commands of docs/document.md, without the fence that the dump holds too. */
    private static void restored(Rig rig, Path archive, Path folder) throws Exception {
        ClientTools tools =
                ClientTools.nearestSource(rig.lab.source().major(), rig.lab.target().major());
        PgServer server = rig.lab.source();
        try (Connection source = server.connect("postgres")) {
            Sql.run(source, "SET default_transaction_read_only = off");
            Sql.run(source, "CREATE DATABASE restored TEMPLATE template0");
        }
        Path list = folder.resolve("list");
        String restore = tools.pgRestore().toString();
        shell(rig, restore + " --list '" + archive + "' | grep -v switchback > '" + list + "'");
        shell(
                rig,
                restore
                        + " --exit-on-error -d restored --use-list='"
                        + list
                        + "' '"
                        + archive
                        + "'");
        try (Connection restored = server.connect("restored");
                Connection source = rig.lab.source().connect("mastodon")) {
            for (String table : List.of("accounts", "statuses", "users")) {
                String count = "SELECT count(*) FROM " + table;
                assertThat(Sql.one(restored, count)).isEqualTo(Sql.one(source, count));
            }
            assertThat(
                            Sql.one(
                                    restored,
                                    "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'switchback%'"))
                    .isEqualTo("0");
        }
    }

    private static void shell(Rig rig, String command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
                        .redirectErrorStream(true);
        LibpqEnvironment.login(builder.environment(), rig.lab.source().superuser("restored"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
