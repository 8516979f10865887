package dev.switchback.workload;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Replaces a file's content as a whole: readers see the old or the new one, also after a crash.
 *
 * <ol>
 *   <li>A sibling of a fixed name is written and forced to disk; a crash leaves at most that one,
 *       and the next replacement takes it away.
 *   <li>It gets the file's mode, owner and group; where that is refused, nothing is replaced.
 *   <li>It is renamed over the file. Behind a symbolic link that is the file it leads to.
 * </ol>
 */
final class FileSwap {
    private FileSwap() {}

    /**
     * @throws SwitchbackException ENDPOINT_FILE_READ_ONLY; the file is as it was then
     */
    static void replace(Path file, byte[] content) {
        try {
            Path real = file.toRealPath();
            Path fresh = sibling(real);
            Files.deleteIfExists(fresh);
            try {
                write(fresh, content);
                likeTheOld(real, fresh);
                Files.move(
                        fresh,
                        real,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new SwitchbackException(
                    Code.ENDPOINT_FILE_READ_ONLY,
                    file.toString(),
                    "cannot be replaced: " + words(e),
                    "make the file and its folder writable for us, and run the same command again");
        }
    }

    private static Path sibling(Path real) {
        return real.resolveSibling("." + real.getFileName() + ".switchback");
    }

    private static void write(Path fresh, byte[] content) throws IOException {
        try (FileChannel out =
                FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
    }

    private static void likeTheOld(Path real, Path fresh) throws IOException {
        PosixFileAttributes old = Files.readAttributes(real, PosixFileAttributes.class);
        PosixFileAttributeView view =
                Files.getFileAttributeView(
                        fresh, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributes now = view.readAttributes();
        if (!now.owner().equals(old.owner())) {
            view.setOwner(old.owner());
        }
        if (!now.group().equals(old.group())) {
            view.setGroup(old.group());
        }
        view.setPermissions(old.permissions());
    }

    /** The system's own words; Java's message of a file's exception is most often its name only. */
    static String words(IOException e) {
        if (e instanceof FileSystemException refused && refused.getReason() != null) {
            return refused.getReason();
        }
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }
}
