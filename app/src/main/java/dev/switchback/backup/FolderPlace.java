package dev.switchback.backup;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A folder of the machine we run on. A backup is written below {@code NAME.unfinished} and gets its
 * name at the end; only its owner can read it.
 */
final class FolderPlace implements Place {
    private static final String UNFINISHED = ".unfinished";

    private final Path folder;

    FolderPlace(Path folder) {
        this.folder = folder;
    }

    @Override
    public String location(String name) {
        return folder.resolve(name).toString();
    }

    @Override
    public String display(String name, String archive) {
        return folder.resolve(name).resolve(archive).toString();
    }

    @Override
    public List<Problem> obstacles(long predictedBytes) {
        if (!Files.isDirectory(folder)) {
            return List.of(
                    problem(
                            Code.BACKUP_DESTINATION,
                            "is no folder on the machine that runs Switchback",
                            "create it, mount the volume there, or correct spec.backup.to.path"));
        }
        try {
            Path trial = Files.createTempFile(folder, "switchback-check", UNFINISHED);
            Files.delete(trial);
        } catch (IOException e) {
            return List.of(
                    problem(
                            Code.BACKUP_DESTINATION,
                            "cannot be written: " + e,
                            "give the user that runs Switchback the right to write there"));
        }
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < predictedBytes) {
                return List.of(
                        problem(
                                Code.BACKUP_NO_ROOM,
                                "has "
                                        + Bytes.of(free)
                                        + " free; the tables to dump hold "
                                        + Bytes.of(predictedBytes)
                                        + " before compression",
                                "make room, or name a larger volume in spec.backup.to"));
            }
        } catch (IOException e) {
            return List.of(
                    problem(
                            Code.BACKUP_DESTINATION,
                            "does not say how much room it has: " + e,
                            "mend the file system"));
        }
        return List.of();
    }

    @Override
    public void begin(String name) throws IOException {
        if (Files.exists(folder.resolve(name))) {
            throw new SwitchbackException(
                    Code.BACKUP_DESTINATION,
                    location(name),
                    "a finished backup of this attempt is there already; it is never overwritten",
                    "move it away, then run again");
        }
        delete(draft(name));
        Path draft = Files.createDirectory(draft(name));
        if (Files.getFileStore(draft).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(
                    draft,
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));
        }
    }

    @Override
    public Sink open(String name, String archive, long predictedBytes, Consumer<String> started)
            throws IOException {
        Path file = draft(name).resolve(archive);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new FileSink(file, channel);
    }

    /** One file; whether it is complete is told by the name of its folder. */
    private record FileSink(Path file, FileChannel channel) implements Sink {
        @Override
        public void write(byte[] buffer, int length) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(buffer, 0, length);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }

        @Override
        public void complete() throws IOException {
            channel.force(true);
            channel.close();
        }

        @Override
        public void close() {
            try {
                if (channel.isOpen()) {
                    channel.close();
                    Files.deleteIfExists(file);
                }
            } catch (IOException leftInTheDraft) {
                // the draft's folder is taken away as a whole by discard or by the next try
            }
        }
    }

    @Override
    public Optional<Path> local(String name, String archive) {
        return Optional.of(draft(name).resolve(archive));
    }

    @Override
    public InputStream read(String name, String archive) throws IOException {
        return Files.newInputStream(draft(name).resolve(archive));
    }

    @Override
    public Optional<Long> size(String name, String archive) throws IOException {
        return bytes(draft(name).resolve(archive));
    }

    @Override
    public Optional<Long> finished(String name, List<String> archives) throws IOException {
        return bytes(folder.resolve(name));
    }

    @Override
    public void finish(String name) throws IOException {
        Files.move(draft(name), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    @Override
    public void discard(String name, Map<String, String> started) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new SwitchbackException(
                    Code.BACKUP_DESTINATION,
                    folder.toString(),
                    "is not there on this machine, so an unfinished backup in it cannot be removed",
                    "run it where the folder is mounted, or remove "
                            + draft(name)
                            + " there and create an empty folder of that path here");
        }
        delete(draft(name));
    }

    @Override
    public void close() {}

    private Path draft(String name) {
        return folder.resolve(name + UNFINISHED);
    }

    private static Optional<Long> bytes(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return Optional.of(sum);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException gone) {
            // nothing is left
        }
    }

    private Problem problem(Code code, String what, String remedy) {
        return new Problem(
                code, folder.toString(), what, remedy, "the safety backup could not be written");
    }
}
