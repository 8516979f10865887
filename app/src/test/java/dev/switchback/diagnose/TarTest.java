package dev.switchback.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is what the system's tar reads. */
class TarTest {
    @Test
    void theSystemsTarReadsEveryFileWhateverItsLength(@TempDir Path folder) throws Exception {
        Map<String, String> files = new TreeMap<>();
        files.put("top/empty", "");
        files.put("top/short", "x");
        files.put("top/block", "y".repeat(512));
        files.put("top/sub/long-ä", "z".repeat(100_001));
        Path archive = folder.resolve("a.tar");
        try (Tar tar =
                new Tar(Files.newOutputStream(archive), Instant.parse("2026-11-20T10:00:00Z"))) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                tar.file(file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        Process extract =
                new ProcessBuilder("tar", "-xf", archive.toString(), "-C", folder.toString())
                        .redirectErrorStream(true)
                        .start();
        assertThat(new String(extract.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(extract.waitFor()).isZero();
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path read = folder.resolve(file.getKey());
            assertThat(Files.readString(read)).as(file.getKey()).isEqualTo(file.getValue());
            assertThat(Files.getLastModifiedTime(read).toInstant())
                    .isEqualTo(Instant.parse("2026-11-20T10:00:00Z"));
        }
    }

    @Test
    void aNameThatDoesNotFitIsRefusedNotCut() {
        Tar tar = new Tar(new ByteArrayOutputStream(), Instant.EPOCH);
        assertThatThrownBy(() -> tar.file("n".repeat(101), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
