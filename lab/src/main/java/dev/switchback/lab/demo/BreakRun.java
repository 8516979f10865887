package dev.switchback.lab.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.ExitCode;
import dev.switchback.lab.traffic.Pace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Plants one defect and runs the real {@code migrate}: it must stop at the defect's own check, say
 * what mends it, and leave the world as it was.
 */
public final class BreakRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pace PACE = Pace.DEFAULT.withConnections(1);

    private final LabTemplate template;

    public BreakRun(LabTemplate template) {
        this.template = template;
    }

    /**
     * @param document {@code break}, {@code what}, {@code result}, {@code exit}, {@code finding}
     *     {check, level, code, object, what, why, remedy}, {@code violations}
     * @param narrative what the program said on stderr
     */
    public record Verdict(int exit, ObjectNode document, String narrative) {}

    public Verdict of(Break broken) throws Exception {
        try (Lab lab = Lab.start(template, PACE, broken.planting()::objects)) {
            broken.planting().world(lab);
            Path file = lab.document();
            Files.writeString(file, broken.planting().document(Files.readString(file), lab));
            var before = lab.settings();
            var replicas = lab.replicas();
            Program.Result result =
                    new Program(lab.folder())
                            .start(
                                    false,
                                    List.of(
                                            "migrate",
                                            "-f",
                                            file.toString(),
                                            "--kubeconfig",
                                            lab.kubeconfig().toString(),
                                            "--direct",
                                            "--yes",
                                            "-o",
                                            "json"))
                            .await(120);
            boolean untouched = before.equals(lab.settings()) && replicas.equals(lab.replicas());
            return judge(broken, result, untouched);
        }
    }

    private static Verdict judge(Break broken, Program.Result result, boolean untouched)
            throws JsonProcessingException {
        ObjectNode document = JSON.createObjectNode();
        document.put("break", broken.name());
        document.put("what", broken.what());
        document.put("exit", result.exit());
        JsonNode said =
                result.out().isBlank() ? JSON.createObjectNode() : JSON.readTree(result.out());
        document.put(
                "result",
                said.path("kind").asText().equals("Check")
                        ? "blocked"
                        : said.path("result").asText("failed"));
        ObjectNode finding = finding(broken, said);
        var violations = document.putArray("violations");
        if (result.exit() != ExitCode.BLOCKED.code()) {
            violations.add("exit " + result.exit() + ", not 3: " + result.err());
        }
        if (finding.isEmpty()) {
            violations.add(broken.check() + " did not find " + broken.code() + ": " + result.err());
        } else if (finding.path("remedy").asText().isEmpty()) {
            violations.add("the finding names no remedy");
        }
        if (!untouched) {
            violations.add("replicas or endpoints were changed");
        }
        document.set("finding", finding);
        int exit = violations.isEmpty() ? ExitCode.BLOCKED.code() : ExitCode.DIFFERENT.code();
        return new Verdict(exit, document, result.err());
    }

    private static ObjectNode finding(Break broken, JsonNode said) {
        for (JsonNode check : said.path("checks")) {
            if (!check.path("id").asText().equals(broken.check())) {
                continue;
            }
            for (JsonNode finding : check.path("findings")) {
                String level = finding.path("level").asText();
                if (finding.path("code").asText().equals(broken.code())
                        && (level.equals("fail") || level.equals("unknown"))) {
                    ObjectNode found = JSON.createObjectNode();
                    found.put("check", broken.check());
                    found.setAll((ObjectNode) finding);
                    return found;
                }
            }
        }
        return JSON.createObjectNode();
    }
}
