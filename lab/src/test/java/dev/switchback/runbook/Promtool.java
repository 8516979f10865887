package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Prometheus' own parser as judge: Debian's, which {@code .ci/run} brings. */
final class Promtool {
    private Promtool() {}

    static void checkMetrics(String exposition) throws IOException, InterruptedException {
        run(List.of("promtool", "check", "metrics"), exposition);
    }

    /**
     * @param rules a rule file's content: {@code groups}
     */
    static void checkRules(Path folder, JsonNode rules) throws IOException, InterruptedException {
        // YAML holds JSON
        Path file =
                Files.writeString(
                        folder.resolve("rules.yaml"), new ObjectMapper().writeValueAsString(rules));
        run(List.of("promtool", "check", "rules", file.toString()), "");
    }

    private static void run(List<String> command, String input)
            throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            Assumptions.abort("no promtool on the PATH: run .ci/promtool first");
            return;
        }
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }
}
