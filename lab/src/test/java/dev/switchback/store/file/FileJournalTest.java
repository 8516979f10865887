package dev.switchback.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.engine.Journal;
import dev.switchback.engine.Lock;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.store.JournalContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest extends JournalContract {
    @TempDir Path folder;

    @Override
    protected Journal open() {
        return new FileJournal(folder.resolve("made/later/journal.json"));
    }

    @Test
    void aTornFileIsUnreadableAndNotNone() throws Exception {
        assertUnreadable("{\"apiVersion\": \"switchback.dev/jour");
    }

    @Test
    void anEmptyFileIsUnreadableAndNotNone() throws Exception {
        assertUnreadable("");
    }

    @Test
    void aJournalOfAnotherVersionIsUnreadable() throws Exception {
        assertUnreadable("{\"apiVersion\": \"switchback.dev/journal-v9\", \"status\": \"NEW\"}");
    }

    @Test
    void aFieldOfANewerVersionIsPassedOver() throws Exception {
        Path file = folder.resolve("journal.json");
        Files.writeString(
                file,
                "{\"apiVersion\": \"switchback.dev/journal-v1\", \"migration\": \"a/b\", \"uid\": \"u\","
                        + " \"runbook\": \"Offline\", \"epoch\": 3, \"attempt\": 1, \"status\": \"RUNNING\","
                        + " \"mood\": {\"good\": true}}");
        assertThat(new FileJournal(file).read().orElseThrow().state().epoch()).isEqualTo(3);
    }

    @Test
    void aSecondRunFindsTheLockTakenUntilTheFirstEnds() {
        FileRunLock lock = new FileRunLock(folder.resolve("run.lock"));
        try (Lock.Held held = lock.acquire("one", Optional.empty())) {
            assertThat(held.lost()).isEmpty();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> lock.acquire("two", Optional.of("one")))
                        .isInstanceOfSatisfying(
                                SwitchbackException.class,
                                e -> assertThat(e.code()).isEqualTo(Code.LOCKED));
            }
            assertThat(held.lost()).isEmpty();
        }
        lock.acquire("two", Optional.empty()).close();
    }

    private void assertUnreadable(String content) throws Exception {
        Path file = folder.resolve("journal.json");
        Files.writeString(file, content);
        assertThatThrownBy(() -> new FileJournal(file).read())
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.JOURNAL_UNREADABLE));
    }
}
