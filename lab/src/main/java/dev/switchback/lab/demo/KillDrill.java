package dev.switchback.lab.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.lab.traffic.Pace;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Kills the program at a boundary of its plan, in a fresh lab each, and starts it again from
 * another folder.
 */
public final class KillDrill {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pace PACE =
            Pace.DEFAULT.withConnections(1).withThink(Duration.ofMillis(100));

    private static final Duration AFTER = Duration.ofMillis(300);

    private final LabTemplate template;

    public KillDrill(LabTemplate template) {
        this.template = template;
    }

    /** How one kill ended: {@code migrated} or {@code rolledBack}, and what was wrong. */
    public record Verdict(String boundary, String outcome, List<String> violations) {
        public boolean clean() {
            return violations.isEmpty();
        }

        ObjectNode json() {
            ObjectNode json = JSON.createObjectNode();
            json.put("boundary", boundary);
            json.put("outcome", outcome);
            if (!clean()) {
                json.put("violations", String.join("; ", violations));
            }
            return json;
        }
    }

    /** Every boundary, as the program's own plan lists them. */
    public List<String> boundaries() throws InterruptedException {
        try (Lab lab = Lab.start(template, PACE)) {
            Program.Result result =
                    new Program(lab.folder())
                            .start(
                                    false,
                                    List.of(
                                            "plan",
                                            "-f",
                                            lab.document().toString(),
                                            "--kubeconfig",
                                            lab.kubeconfig().toString(),
                                            "--direct",
                                            "-o",
                                            "json"))
                            .await(60);
            if (result.exit() != 0) {
                throw new IllegalStateException("plan failed: " + result.err());
            }
            List<String> boundaries = new ArrayList<>();
            for (JsonNode boundary : JSON.readTree(result.out()).path("boundaries")) {
                boundaries.add(boundary.asText());
            }
            return boundaries;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the plan is no JSON", e);
        }
    }

    /** One kill, one restart. */
    public Verdict at(String boundary) throws InterruptedException, SQLException {
        try (Lab lab = Lab.start(template, PACE)) {
            DemoRun.Killed killed = new DemoRun(lab, false).runKilledAt(List.of(boundary), AFTER);
            String word = killed.words().getFirst();
            List<String> violations = new ArrayList<>(killed.outcome().violations());
            if (!word.equals("migrated") && !word.equals("rolledBack")) {
                violations.add("the second run ended '" + word + "'");
            }
            return new Verdict(boundary, word, violations);
        }
    }

    /**
     * Shares the boundaries among fewer migrations: each chain takes every n-th, so that a run gets
     * some steps further before the next kill. Returns n chains.
     */
    public static List<List<String>> chains(List<String> boundaries, int n) {
        List<List<String>> chains = new ArrayList<>();
        for (int i = 0; i < Math.min(n, boundaries.size()); i++) {
            List<String> chain = new ArrayList<>();
            for (int b = i; b < boundaries.size(); b += n) {
                chain.add(boundaries.get(b));
            }
            chains.add(chain);
        }
        return chains;
    }

    /** One migration that is killed at each of these boundaries, and what was wrong at its end. */
    public List<String> along(List<String> chain) throws InterruptedException, SQLException {
        try (Lab lab = Lab.start(template, PACE)) {
            return new DemoRun(lab, false).runKilledAt(chain, AFTER).outcome().violations();
        }
    }
}
