package dev.switchback.store.file;

import dev.switchback.engine.Journal;
import dev.switchback.engine.JournalJson;
import dev.switchback.engine.JournalState;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A journal in one file.
 *
 * <ol>
 *   <li>A lock file beside it ({@code <name>.lock}) is locked between processes, and a lock of the
 *       same path between threads, since file locks do not tell threads apart.
 *   <li>The stored content is compared with the expected version, which is its hash.
 *   <li>The next content goes to a temporary file, is forced to disk, renamed over the journal, and
 *       the folder is forced to disk: a crash leaves the old or the new one, never half of one.
 * </ol>
 */
public final class FileJournal implements Journal {
    private static final ConcurrentHashMap<Path, ReentrantLock> IN_THIS_PROCESS =
            new ConcurrentHashMap<>();

    private final Path file;
    private final Path folder;

    /**
     * @param file need not exist yet; its folder is made when the first state is written
     */
    public FileJournal(Path file) {
        this.file = file.toAbsolutePath().normalize();
        this.folder = this.file.resolveSibling(".").normalize();
    }

    @Override
    public Optional<Stored> read() {
        try {
            byte[] content = Files.readAllBytes(file);
            String json =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
            return Optional.of(
                    new Stored(JournalJson.read(json, file.toString()), version(content)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CharacterCodingException e) {
            throw failed("read", "is not UTF-8 text", e);
        } catch (IOException e) {
            throw failed("read", e.toString(), e);
        }
    }

    @Override
    public Stored swap(String expectedVersion, JournalState next) throws Conflict {
        ReentrantLock threads = IN_THIS_PROCESS.computeIfAbsent(file, f -> new ReentrantLock());
        threads.lock();
        try {
            Files.createDirectories(folder);
            try (FileChannel lock =
                            FileChannel.open(
                                    sibling(".lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock held = lock.lock()) {
                if (!held.isValid()) {
                    throw new IOException("the lock file cannot be locked");
                }
                return swapLocked(expectedVersion, next);
            }
        } catch (IOException e) {
            throw failed("written", e.toString(), e);
        } finally {
            threads.unlock();
        }
    }

    private Stored swapLocked(String expectedVersion, JournalState next)
            throws IOException, Conflict {
        String found = read().map(Stored::version).orElse("");
        if (!found.equals(expectedVersion)) {
            throw new Conflict(file + " was written by somebody else");
        }
        byte[] content = JournalJson.write(next).getBytes(StandardCharsets.UTF_8);
        Path temporary = sibling(".new");
        try (FileChannel out =
                FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
        move(temporary);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
        return new Stored(next, version(content));
    }

    private void move(Path temporary) throws IOException {
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the file system cannot replace a file in one step", e);
        }
    }

    private Path sibling(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private SwitchbackException failed(String verb, String words, IOException cause) {
        return new SwitchbackException(
                new Problem(
                        Code.JOURNAL_UNREADABLE,
                        file.toString(),
                        "cannot be " + verb + ": " + words,
                        "look at the file, its folder's permissions and the space left"),
                cause);
    }

    private static String version(byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
