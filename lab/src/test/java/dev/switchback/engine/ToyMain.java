package dev.switchback.engine;

import dev.switchback.progress.Progress;
import dev.switchback.store.file.FileJournal;
import dev.switchback.store.file.FileRunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A process to kill: its world is files in a folder, its journal a file beside them. Arguments:
 * folder, run id, the write at which it stands still to be killed (0: never), whether that write is
 * durable by then, and what to do: {@code forward}, {@code return} or {@code stay}. Prints {@code
 * AT} when it stands still and its outcome when it ends.
 */
final class ToyMain {
    private ToyMain() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        String wish = arguments[4];
        Runbook runbook = wish.equals("forward") ? forward(folder) : wayBack(folder);
        Journal journal =
                new StandStill(
                        new FileJournal(folder.resolve("journal.json")),
                        Integer.parseInt(arguments[2]),
                        Boolean.parseBoolean(arguments[3]));
        Run run =
                new Run(
                        runbook,
                        journal,
                        new FileRunLock(folder.resolve("run.lock")),
                        InstantSource.system(),
                        Progress.SILENT,
                        RunOptions.of("toy/toy", "uid-1", arguments[1], "ada"),
                        Herald.SILENT);
        RunResult result = wish.equals("stay") ? run.abort() : run.forward();
        System.out.println(result.outcome());
        System.exit(result.exit().code());
    }

    private static Runbook forward(Path folder) {
        return Runbook.named("Toy")
                .phase(Phase.PREPARE, new FileStep(folder, "roles", UndoAt.ABORT, false))
                .phase(
                        Phase.CUTOVER,
                        new FileStep(folder, "fence", UndoAt.RELEASE_FIRST, true),
                        new FileStep(folder, "open", UndoAt.NEVER, true))
                .commitAt("open")
                .build();
    }

    private static Runbook wayBack(Path folder) {
        return Runbook.named("ToyReturn")
                .phase(
                        Phase.CUTOVER,
                        new FileStep(folder, "fence-target", UndoAt.RELEASE_FIRST, true),
                        new FileStep(folder, "drain", UndoAt.RELEASE, true),
                        new FileStep(folder, "open-source", UndoAt.NEVER, true))
                .phase(Phase.SETTLE, new FileStep(folder, "tidy", UndoAt.NEVER, false))
                .returning()
                .commitAt("open-source")
                .build();
    }

    /** Adds a word to a file of its name; undo puts the captured content back. */
    private record FileStep(Path folder, String id, UndoAt undoAt, boolean inDowntime)
            implements Step {
        private Path file() {
            return folder.resolve(id);
        }

        private String content() throws IOException {
            return Files.readString(file());
        }

        @Override
        public String title() {
            return id;
        }

        @Override
        public Observation observe(StepContext context) throws IOException {
            return content().endsWith("+ours")
                    ? Observation.done("content", content())
                    : Observation.todo("it says " + content());
        }

        @Override
        public Facts capture(StepContext context) throws IOException {
            return Facts.of("content", content());
        }

        @Override
        public void apply(StepContext context) throws IOException {
            Files.writeString(file(), context.captured().require("content") + "+ours");
        }

        @Override
        public void undo(StepContext context) throws IOException {
            Files.writeString(file(), context.captured().require("content"));
        }
    }

    /** Stands still for ever at one write. */
    private static final class StandStill implements Journal {
        private final Journal journal;
        private final int at;
        private final boolean durable;
        private int writes;

        StandStill(Journal journal, int at, boolean durable) {
            this.journal = journal;
            this.at = at;
            this.durable = durable;
        }

        @Override
        public Optional<Stored> read() {
            return journal.read();
        }

        @Override
        public Stored swap(String expectedVersion, JournalState next) throws Conflict {
            writes++;
            if (writes == at && !durable) {
                stand();
            }
            Stored stored = journal.swap(expectedVersion, next);
            if (writes == at) {
                stand();
            }
            return stored;
        }

        private static void stand() {
            System.out.println("AT");
            while (true) {
                try {
                    Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    System.out.println("interrupted while waiting to be killed");
                }
            }
        }
    }
}
