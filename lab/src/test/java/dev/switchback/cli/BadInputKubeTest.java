package dev.switchback.cli;

import static dev.switchback.cli.BadInputRows.asRescuer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.cli.BadInputRows.Row;
import dev.switchback.cli.BadInputRows.Undo;
import dev.switchback.cli.Cli.Said;
import dev.switchback.fault.Code;
import dev.switchback.lab.kube.Interceptor.Verdict;
import dev.switchback.lab.kube.MastodonCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is wrong before a migration: one error line a problem, with object and remedy, an exit
 * code a script can act on, and nothing changed – neither in the cluster, by the request log, nor
 * on either server. Where the document is wrong or names what is not there, {@code migrate} is the
 * shipped jar; {@code check} must agree with it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
@Tag("boundaries")
class BadInputKubeTest {
    private Bench bench;

    @BeforeAll
    void start() throws Exception {
        bench = Bench.quiet();
        bench.onSource("postgres", "ALTER SYSTEM SET max_prepared_transactions = 5");
        bench.lab.source().stop();
        bench.lab.source().restart();
    }

    @AfterAll
    void stop() {
        bench.close();
    }

    @ParameterizedTest
    @MethodSource("dev.switchback.cli.BadInputRows#documents")
    void aWrongDocumentIsToldAndNothingIsRead(Row row) throws Exception {
        bench.reset();
        int requests = bench.lab.kube().requests().size();
        row.arrange().on(bench);
        told(row, true);
        assertThat(bench.lab.kube().requests()).hasSize(requests);
    }

    @ParameterizedTest
    @MethodSource("dev.switchback.cli.BadInputRows#worlds")
    void aWorldThatIsNotTheDocumentsIsToldAndLeftAsItIs(Row row) throws Exception {
        tells(row, row.code() == Code.KUBE_NOT_FOUND);
    }

    @ParameterizedTest
    @MethodSource({
        "dev.switchback.cli.BadInputRows#clusters",
        "dev.switchback.cli.BadInputRows#servers"
    })
    void aSideThatIsNotFitIsToldAndLeftAsItIs(Row row) throws Exception {
        tells(row, false);
    }

    private void tells(Row row, boolean child) throws Exception {
        bench.reset();
        Undo undo = row.arrange().on(bench);
        try {
            SortedMap<String, String> before = fingerprint(row);
            int writes = bench.lab.kube().writes().size();
            told(row, child);
            assertThat(bench.lab.kube().writes()).hasSize(writes);
            assertThat(fingerprint(row)).isEqualTo(before);
        } finally {
            undo.run();
        }
    }

    private void told(Row row, boolean child) throws Exception {
        List<String> line = bench.line("migrate", "--yes");
        Said migrate = child ? Cli.child(bench.environment, line) : Cli.inProcess(line);
        Said check = Cli.inProcess(bench.line("check"));
        assertTold(row, migrate);
        assertTold(row, check);
        assertThat(normal(check)).isEqualTo(normal(migrate));
    }

    private SortedMap<String, String> fingerprint(Row row) throws Exception {
        if (row.code() != Code.PG_PRIVILEGE) {
            return bench.fingerprint();
        }
        asRescuer(bench, "ALTER ROLE postgres SUPERUSER");
        SortedMap<String, String> all = bench.fingerprint();
        asRescuer(bench, "ALTER ROLE postgres NOSUPERUSER");
        return all;
    }

    private static void assertTold(Row row, Said said) {
        assertThat(said.exit()).as(said.all()).isEqualTo(row.exit());
        assertThat(said.errors()).as(said.all()).hasSize(row.errors());
        assertThat(said.errors().getFirst())
                .startsWith("error: " + row.code().id() + " ")
                .contains(row.object())
                .containsPattern("; remedy: \\S+");
        assertThat(said.err()).as("no stack trace").doesNotContain("\tat ", "Exception");
    }

    /** The error lines but for the number in the file's name. */
    private static List<String> normal(Said said) {
        return said.errors().stream()
                .map(line -> line.replaceAll("/[0-9]+-migration", "/migration"))
                .toList();
    }

    @Test
    void aDocumentThatIsNotThereIsToldAndNothingIsRead() throws Exception {
        bench.reset();
        int requests = bench.lab.kube().requests().size();
        for (String command : List.of("migrate", "check", "plan", "status")) {
            Said said = Cli.inProcess(List.of(command, "-f", "/nowhere/migration.yaml"));
            assertThat(said.exit()).isEqualTo(7);
            assertThat(said.errors())
                    .singleElement()
                    .asString()
                    .startsWith("error: SB-102 /nowhere/migration.yaml: ")
                    .contains("; remedy: run 'switchback init'");
        }
        assertThat(bench.lab.kube().requests()).hasSize(requests);
    }

    static Stream<List<String>> misuses() {
        return Stream.of(
                List.of("migrat"),
                List.of("migrate", "--fast"),
                List.of("migrate", "--until", "tomorrow"),
                List.of("migrate", "-o", "xml"),
                List.of("migrate", "--yes", "-n", "elsewhere"),
                List.of("migrate"), // no --yes, and nobody to ask
                List.of("migrate", "--yes", "--context", "elsewhere"),
                List.of());
    }

    @ParameterizedTest
    @MethodSource("misuses")
    void aWrongCommandLineIsToldAndNothingIsWritten(List<String> words) throws Exception {
        bench.reset();
        int writes = bench.lab.kube().writes().size();
        assertUsage(
                Cli.child(
                        Map.of(),
                        words.isEmpty() ? words : bench.line(words.toArray(String[]::new))));
        assertThat(bench.lab.kube().writes()).hasSize(writes);
    }

    private static void assertUsage(Said said) {
        assertThat(said.exit()).as(said.all()).isEqualTo(2);
        assertThat(said.errors())
                .as(said.all())
                .singleElement()
                .asString()
                .matches("error: SB-10[01] .+: .+; remedy: .+");
        assertThat(said.out()).isEmpty();
    }

    @Test
    void outsideTheClusterWithoutDirectIsUsageAndLeavesNoScratchFolder() throws Exception {
        bench.reset();
        Path temp = Files.createTempDirectory("lab-tmp-");
        List<String> line = new ArrayList<>(bench.line("check"));
        line.remove("--direct");
        Said said = Cli.child(Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temp), line);
        assertUsage(said);
        assertThat(said.err()).contains("SB-100 --direct: ");
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left.filter(p -> !p.toString().contains("hsperf"))).isEmpty();
        }
        Files.delete(temp);
    }

    @Test
    void withoutClientToolsNothingIsBegun() throws Exception {
        Path folder = Files.createTempDirectory("lab-bin-");
        assertTools(folder, "none were found", "migrate", "--yes");
        for (String program : List.of("pg_dump", "pg_restore")) {
            Path script = folder.resolve(program);
            Files.writeString(script, "#!/bin/sh\necho '" + program + " (PostgreSQL) 12.1'\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }
        assertTools(folder, "found: 12 in " + folder, "check");
    }

    private void assertTools(Path folder, String found, String... command) throws Exception {
        bench.reset();
        Map<String, String> environment =
                Map.of("SWITCHBACK_PG_BIN", folder.toString(), "PATH", "/nowhere");
        SortedMap<String, String> before = bench.fingerprint();
        int writes = bench.lab.kube().writes().size();
        Said said = Cli.child(environment, bench.line(command));
        assertThat(said.exit()).as(said.all()).isEqualTo(3);
        assertThat(said.errors())
                .as(said.all())
                .singleElement()
                .asString()
                .startsWith("error: SB-306 pg_dump and pg_restore: ")
                .contains(found, "; remedy: install postgresql-client-");
        assertThat(bench.lab.kube().writes()).hasSize(writes);
        assertThat(bench.fingerprint()).isEqualTo(before);
    }

    @Test
    void aSecondRunAtOnceIsRefusedAndTouchesNothing() throws Exception {
        bench.reset();
        AtomicInteger journalled = new AtomicInteger();
        CountDownLatch holding = new CountDownLatch(1);
        Path folder = Files.createTempDirectory("lab-first-");
        bench.lab
                .kube()
                .intercept(mutation -> {
                    if (mutation.touches("configmaps", "switchback-mastodon")
                            && journalled.incrementAndGet() == 2) {
                        holding.countDown();
                        return Verdict.DROP;
                    }
                    return Verdict.PROCEED;
                });
        Cli.Child first = Cli.start(folder, Map.of(), bench.line("migrate", "--yes"));
        try {
            assertThat(holding.await(60, TimeUnit.SECONDS)).isTrue();
            SortedMap<String, String> before = bench.fingerprint();
            before.remove("Lease switchback-mastodon"); // the first run's sign of life
            Said second = Cli.child(Map.of(), bench.line("migrate", "--yes"));
            assertThat(second.exit()).as(second.all()).isEqualTo(6);
            assertThat(second.errors())
                    .as(second.all())
                    .singleElement()
                    .asString()
                    .startsWith("error: SB-510 mastodon/mastodon")
                    .contains("; remedy: ");
            SortedMap<String, String> after = bench.fingerprint();
            after.remove("Lease switchback-mastodon");
            assertThat(after).isEqualTo(before);
            assertThat(first.process().isAlive()).isTrue();
        } finally {
            first.process().destroyForcibly().waitFor();
            bench.lab.kube().intercept(mutation -> Verdict.PROCEED);
            bench.lab.kube().release();
            forget();
        }
    }

    /** What a run killed in its checks leaves is a journal and a lease. */
    private void forget() {
        var kube = bench.admin();
        String namespace = MastodonCluster.NAMESPACE;
        kube.configMaps().inNamespace(namespace).withName("switchback-mastodon").delete();
        kube.leases().inNamespace(namespace).withName("switchback-mastodon").delete();
    }

    @Test
    void aSourceInRecoveryIsRefused() throws Exception {
        bench.reset();
        Path signal = bench.lab.source().dataDirectory().resolve("standby.signal");
        bench.lab.source().stop();
        Files.createFile(signal);
        bench.lab.source().restart();
        try {
            tells(
                    BadInputRows.row(
                            "source in recovery",
                            3,
                            Code.PG_STANDBY,
                            "mastodon/mastodon-postgresql",
                            b -> () -> {}),
                    false);
        } finally {
            bench.lab.source().stop();
            Files.delete(signal);
            bench.lab.source().restart();
        }
    }
}
