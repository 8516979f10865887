package dev.switchback.store.file;

import dev.switchback.engine.Lock;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The run's lock as a locked file; the system frees it when the process dies, so a dead predecessor
 * leaves nothing behind. Paths held in this process are remembered, because closing any channel of
 * a file would free the process's lock on it.
 */
public final class FileRunLock implements Lock {
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;

    public FileRunLock(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    @Override
    public Held acquire(String runId, Optional<String> predecessor) {
        if (!HELD_HERE.add(file)) {
            throw locked(predecessor);
        }
        boolean kept = false;
        try {
            Files.createDirectories(file.resolveSibling(".").normalize());
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw locked(predecessor);
            }
            kept = true;
            return new HeldFile(file, channel, lock);
        } catch (IOException e) {
            throw new SwitchbackException(
                    new Problem(Code.LOCKED, file.toString(), "cannot be locked: " + e, ""), e);
        } finally {
            if (!kept) {
                HELD_HERE.remove(file);
            }
        }
    }

    private SwitchbackException locked(Optional<String> holder) {
        return new SwitchbackException(
                Code.LOCKED,
                file.toString(),
                "another run is alive" + holder.map(id -> ": " + id).orElse(""),
                "wait for it, or ask it to stop");
    }

    private record HeldFile(Path file, FileChannel channel, FileLock lock) implements Held {
        @Override
        public Optional<Problem> lost() {
            return lock.isValid() && Files.exists(file)
                    ? Optional.empty()
                    : Optional.of(
                            new Problem(Code.LOCKED, file.toString(), "the lock file is gone", ""));
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // The lock is freed with the process at the latest.
            } finally {
                HELD_HERE.remove(file);
            }
        }
    }
}
