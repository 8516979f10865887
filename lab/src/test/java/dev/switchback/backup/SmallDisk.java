package dev.switchback.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of one mebibyte at a folder; the test is skipped by name where none can be mounted.
 */
record SmallDisk(Path folder) implements AutoCloseable {
    static SmallDisk at(Path folder) throws IOException, InterruptedException {
        String words =
                run(List.of("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString()));
        Assumptions.assumeTrue(words.isEmpty(), "a tmpfs cannot be mounted here: " + words);
        return new SmallDisk(folder);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : words.strip() + " ";
    }

    @Override
    public void close() throws IOException {
        try {
            String words = run(List.of("umount", folder.toString()));
            if (!words.isEmpty()) {
                throw new IOException(words);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unmounting " + folder, e);
        }
    }
}
