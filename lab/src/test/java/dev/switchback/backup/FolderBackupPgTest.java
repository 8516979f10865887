package dev.switchback.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.Await;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBackupPgTest {
    private static Shop shop;

    @TempDir Path folder;
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void start() throws Exception {
        shop = new Shop();
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    private Dump dump(SafetyBackup backup, String database, SafetyBackup.Manner manner)
            throws InterruptedException {
        return backup.dump(
                shop.database(database), manner, upload -> {}, Stopper.NEVER, notes::add);
    }

    @Test
    void aDirectoryIsWrittenProvenFromTheFilesAndOnlyThenGetsItsName() throws Exception {
        try (SafetyBackup backup = SafetyBackup.in(folder, "b1")) {
            backup.begin();
            Dump dump =
                    dump(
                            backup,
                            Shop.DATABASE,
                            Shop.manner("accounts", "statuses", "odd schema.odd table"));
            Dump.Proof proof = dump.prove(shop.scratch(), Stopper.NEVER);

            assertThat(proof.keyRows())
                    .containsEntry("my shop.public.accounts", 300L)
                    .containsEntry("my shop.public.statuses_1", 25L)
                    .containsEntry("my shop.public.statuses_2", 25L)
                    .containsEntry("my shop.odd schema.odd table", 7L);
            assertThat(folder.resolve("b1")).doesNotExist();
            assertThat(backup.finished(List.of(dump.archive()))).isEmpty();
            backup.finish();
            assertThat(backup.finished(List.of(dump.archive()))).contains(dump.bytes());
            assertThat(folder.resolve("b1.unfinished")).doesNotExist();

            backup.discard(Map.of());
            assertThat(folder.resolve("b1")).as("finished, so it stays").exists();
            assertThatThrownBy(backup::begin)
                    .isInstanceOfSatisfying(
                            SwitchbackException.class,
                            e -> assertThat(e.code()).isEqualTo(Code.BACKUP_DESTINATION));
        }
    }

    @Test
    void aRateMakesItOneStreamHeldToIt() throws Exception {
        try (SafetyBackup backup = SafetyBackup.in(folder, "b2")) {
            backup.begin();
            long start = System.nanoTime();
            Dump dump = dump(backup, "bulk", Shop.at(Shop.manner("big"), 4 << 20));
            double seconds = (System.nanoTime() - start) / 1e9;

            assertThat(dump.archive()).endsWith(".dump");
            assertThat(dump.digest()).hasSize(64);
            // never faster than asked for; how much slower is the machine's affair
            assertThat(dump.bytes() / seconds).isLessThan(4.2 * (1 << 20));
            assertThat(notes).anyMatch(n -> n.contains("held to 4.0 MiB/s: spec.backup.maxRate"));
            assertThat(dump.prove(shop.scratch(), Stopper.NEVER).keyRows())
                    .containsEntry("bulk.public.big", 400_000L);
        }
    }

    @Test
    void aKeyTableThatLostItsRowsOnTheWayIsNotProven() throws Exception {
        try (SafetyBackup backup = SafetyBackup.in(folder, "b3")) {
            backup.begin();
            Dump dump = dump(backup, Shop.DATABASE, Shop.manner("accounts"));
            Path directory = folder.resolve("b3.unfinished").resolve(dump.archive());
            List<Path> data;
            try (Stream<Path> files = Files.list(directory)) {
                data =
                        files.filter(f -> f.getFileName().toString().matches("\\d+\\.dat\\.gz"))
                                .toList();
            }
            Path empty = data.stream().min(FolderBackupPgTest::bySize).orElseThrow();
            Path accounts = data.stream().max(FolderBackupPgTest::bySize).orElseThrow();
            Files.copy(empty, accounts, StandardCopyOption.REPLACE_EXISTING);

            assertNotProven(dump, "0 rows restored, 300 in the snapshot");
        }
    }

    @Test
    void aTablesFileThatIsGoneIsNotProven() throws Exception {
        try (SafetyBackup backup = SafetyBackup.in(folder, "b4")) {
            backup.begin();
            Dump dump = dump(backup, Shop.DATABASE, Shop.manner());
            Path directory = folder.resolve("b4.unfinished").resolve(dump.archive());
            try (Stream<Path> files = Files.list(directory)) {
                Files.delete(
                        files.filter(f -> f.toString().endsWith(".dat.gz"))
                                .findFirst()
                                .orElseThrow());
            }

            assertNotProven(dump, "lacks 1 of what the catalog holds: file ");
        }
    }

    @Test
    void aStreamOfWhichOneByteChangedIsNotProven() throws Exception {
        try (SafetyBackup backup = SafetyBackup.in(folder, "b5")) {
            backup.begin();
            Dump dump = dump(backup, Shop.DATABASE, Shop.at(Shop.manner(), 1 << 30));
            Path file = folder.resolve("b5.unfinished").resolve(dump.archive());
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 100] ^= 1;
            Files.write(file, bytes);

            assertNotProven(dump, "holds other bytes than were written");
        }
    }

    @Test
    void pgDumpKilledInTheMiddleIsAnErrorAndLeavesNoArchive() throws Exception {
        try (SafetyBackup backup = SafetyBackup.in(folder, "b6")) {
            backup.begin();
            SafetyBackup.Manner slow = Shop.at(Shop.manner(), 1 << 20);
            AtomicBoolean killed = new AtomicBoolean();
            Thread killer =
                    Thread.ofVirtual()
                            .start(() -> {
                                while (!killed.get()) {
                                    ProcessHandle.current()
                                            .children()
                                            .filter(c ->
                                                    c.info()
                                                            .command()
                                                            .orElse("")
                                                            .endsWith("pg_dump"))
                                            .forEach(c ->
                                                    killed.set(
                                                            c.destroyForcibly() || killed.get()));
                                    Thread.onSpinWait();
                                }
                            });
            assertThatThrownBy(() -> dump(backup, "bulk", slow))
                    .isInstanceOfSatisfying(
                            SwitchbackException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(Code.BACKUP_FAILED);
                                assertThat(e.problem().what()).contains("killed by signal 9");
                            });
            killer.join();
            assertThat(folder.resolve("b6.unfinished")).isEmptyDirectory();
            backup.discard(Map.of());
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aDiskThatFillsUpIsOneErrorInBothFormats() throws Exception {
        try (SmallDisk disk = SmallDisk.at(folder);
                SafetyBackup backup = SafetyBackup.in(disk.folder(), "b7")) {
            backup.begin();
            assertFull(() -> dump(backup, "bulk", Shop.at(Shop.manner(), 1 << 30)));
            backup.discard(Map.of());
            backup.begin();
            assertFull(() -> dump(backup, "bulk", Shop.manner()));
            backup.discard(Map.of());
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aFolderThatIsNotThereOrTooSmallIsAnObstacle() {
        try (SafetyBackup missing = SafetyBackup.in(folder.resolve("no"), "x");
                SafetyBackup small = SafetyBackup.in(folder, "x")) {
            assertThat(missing.obstacles(1))
                    .extracting(Problem::code)
                    .containsExactly(Code.BACKUP_DESTINATION);
            assertThat(small.obstacles(Long.MAX_VALUE))
                    .extracting(Problem::code)
                    .containsExactly(Code.BACKUP_NO_ROOM);
            assertThat(small.obstacles(1)).isEmpty();
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aSourceThatSuffersMakesTheDumpWaitAndSaysWhy() throws Exception {
        try (Connection setup = shop.server.connect("bulk")) {
            Sql.run(setup, "CREATE TABLE asked (id int)");
        }
        List<String> said = new ArrayList<>();
        try (LatencyProbe probe =
                        LatencyProbe.start(
                                shop.database("bulk"),
                                "SELECT count(*) FROM asked",
                                Duration.ofMillis(1));
                Connection blocker = shop.server.connect("bulk")) {
            Throttle throttle =
                    new Throttle(
                            Optional.empty(),
                            probe,
                            Stopper.NEVER,
                            text -> {
                                said.add(text);
                                release(blocker, text);
                            });
            throttle.passed(1);
            assertThat(throttle.pauses()).isZero();

            blocker.setAutoCommit(false);
            Sql.run(blocker, "LOCK TABLE asked IN ACCESS EXCLUSIVE MODE");
            while (throttle.pauses() == 0) {
                throttle.passed(1);
            }

            assertThat(said.getFirst()).contains("paused: the source answers in");
            assertThat(said.get(1)).contains("goes on after");
        }
    }

    @Test
    void theLatencyIsWatchedBesideARealDump() throws Exception {
        try (SafetyBackup backup = SafetyBackup.in(folder, "b8")) {
            backup.begin();
            Dump dump = dump(backup, Shop.DATABASE, Shop.sparing(Shop.at(Shop.manner(), 1 << 30)));
            assertThat(dump.bytes()).isPositive();
        }
        try (Connection postgres = shop.server.connect("postgres")) {
            Await.until(
                    "no session of the dump is left",
                    Duration.ofSeconds(10),
                    () ->
                            Sql.one(
                                            postgres,
                                            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'switchback/test/%'")
                                    .equals("0"));
        }
    }

    private static void release(Connection blocker, String text) {
        if (text.startsWith("paused")) {
            try {
                blocker.rollback();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void assertFull(ThrowableAssert.ThrowingCallable dump) {
        assertThatThrownBy(dump)
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.BACKUP_NO_ROOM);
                            assertThat(e.problems()).hasSize(1);
                            assertThat(e.problem().what()).contains("No space left");
                            assertThat(e.problem().remedy()).contains("make room");
                        });
    }

    private void assertNotProven(Dump dump, String words) throws Exception {
        ConnectionSpec scratch = dump.hasKeyTables() ? shop.scratch() : null;
        assertThatThrownBy(() -> dump.prove(scratch, Stopper.NEVER))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.BACKUP_NOT_PROVEN);
                            assertThat(e.problem().what()).contains(words);
                        });
    }

    private static int bySize(Path a, Path b) {
        try {
            return Long.compare(Files.size(a), Files.size(b));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
