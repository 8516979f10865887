package dev.switchback.lab.pg;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The server programs of one major, unpacked once per machine from the archive that the build
 * fetched from Maven Central (server only: initdb, pg_ctl, postgres; no client tools).
 */
public final class PgBinaries {
    private PgBinaries() {}

    /** The folder with {@code bin}, {@code lib} and {@code share} of the given major. */
    public static Path of(int major) {
        Path archive = archive(major);
        Path home =
                Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "switchback-pg-" + System.getProperty("user.name"),
                        archive.getFileName().toString().replace(".jar", ""));
        try {
            Files.createDirectories(home.getParent());
            Path lockFile = home.resolveSibling(home.getFileName() + ".lock");
            try (FileChannel channel =
                            FileChannel.open(
                                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid() || !Files.isExecutable(home.resolve("bin/postgres"))) {
                    Path fresh = home.resolveSibling(home.getFileName() + ".unpacking");
                    Scratch.delete(fresh);
                    unpack(archive, fresh);
                    Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path archive(int major) {
        Path folder = folder();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f ->
                            f.getFileName().toString().matches(".*-amd64-" + major + "\\..*\\.jar"))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalStateException("no PostgreSQL " + major + " in " + folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Set by the build and by the launcher; beside the lab's jar otherwise. */
    private static Path folder() {
        String set = System.getProperty("switchback.lab.pg");
        if (set != null) {
            return Path.of(set);
        }
        Path code =
                Path.of(
                        PgBinaries.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath());
        return code.resolveSibling("pg");
    }

    private static void unpack(Path archive, Path into) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            ZipEntry txz =
                    zip.stream()
                            .map(e -> (ZipEntry) e)
                            .filter(e -> e.getName().endsWith(".txz"))
                            .findFirst()
                            .orElseThrow();
            try (InputStream raw = new BufferedInputStream(zip.getInputStream(txz));
                    TarArchiveInputStream tar =
                            new TarArchiveInputStream(new XZCompressorInputStream(raw))) {
                for (TarArchiveEntry entry = tar.getNextEntry();
                        entry != null;
                        entry = tar.getNextEntry()) {
                    Path path = into.resolve(entry.getName()).normalize();
                    if (!path.startsWith(into)) {
                        throw new IOException(
                                "archive entry leaves its folder: " + entry.getName());
                    }
                    if (entry.isDirectory()) {
                        Files.createDirectories(path);
                    } else if (entry.isSymbolicLink()) {
                        Files.createDirectories(path.getParent());
                        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                    } else {
                        Files.createDirectories(path.getParent());
                        Files.copy(tar, path);
                        Files.setPosixFilePermissions(
                                path,
                                PosixFilePermissions.fromString(
                                        (entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
                    }
                }
            }
        }
    }
}
