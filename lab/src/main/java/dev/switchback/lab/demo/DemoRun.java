package dev.switchback.lab.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.lab.traffic.Judgement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One migration in one lab, with traffic before, during and after it, and the ledger's judgement at
 * the end.
 */
final class DemoRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LIMIT_SECONDS = 300;

    private final Lab lab;
    private final Program program;
    private final boolean narrate;

    DemoRun(Lab lab, boolean narrate) {
        this.lab = lab;
        this.program = new Program(lab.folder());
        this.narrate = narrate;
    }

    /** What can be planted behind the ledger's back to prove that the demo notices it. */
    enum Plant {
        LOST,
        DOUBLE
    }

    /**
     * @param document the program's own result, with the ledger's figures added
     * @param judgement what the ledger says
     */
    record Outcome(int exit, ObjectNode document, Judgement judgement, List<String> violations) {
        boolean clean() {
            return violations.isEmpty();
        }
    }

    /** Traffic, the migration, traffic, judgement. */
    Outcome run(Duration before, Duration after, Optional<String> failAt, Optional<Plant> plant)
            throws InterruptedException, SQLException {
        awaitTraffic(before);
        Instant start = lab.ledger().now();
        List<String> arguments = arguments();
        failAt.ifPresent(step -> arguments.addAll(List.of("--drill-fail-at", step)));
        Program.Result result = program.start(narrate, arguments).await(LIMIT_SECONDS);
        return judge(result, start, after, plant);
    }

    /**
     * @param words how the run after each kill ended: {@code killed} when the next kill met it
     * @param outcome at the very end, after a further run if that one rolled back
     */
    record Killed(List<String> words, Outcome outcome) {}

    /**
     * The same with the program killed at each boundary in turn, in the plan's order, and started
     * again from another folder each time.
     */
    Killed runKilledAt(List<String> boundaries, Duration after)
            throws InterruptedException, SQLException {
        awaitTraffic(Duration.ofMillis(500));
        Instant start = lab.ledger().now();
        List<String> violations = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String boundary : boundaries) {
            kill(boundary);
            if (OpenSides.of(lab).both()) {
                violations.add("after the kill at " + boundary + " both sides could be written");
            }
            words.add("killed");
        }
        Program.Result result = program.start(false, arguments()).await(LIMIT_SECONDS);
        String word = document(result).path("result").asText();
        words.set(words.size() - 1, word);
        if (word.equals("rolledBack")) {
            // the source serves as before, and the next try succeeds
            violations.addAll(notAsBefore());
            result = program.start(false, arguments()).await(LIMIT_SECONDS);
        }
        Outcome outcome = judge(result, start, after, Optional.empty());
        outcome.violations().addAll(violations);
        if (!outcome.document().path("result").asText().equals("migrated")) {
            outcome.violations()
                    .add("ended " + outcome.document().path("result") + ", exit " + result.exit());
        }
        if (!outcome.clean()) {
            System.err.println(result.err());
        }
        return new Killed(words, outcome);
    }

    private void kill(String boundary) throws InterruptedException {
        Program.Running[] run = new Program.Running[1];
        Boundary kill = new Boundary(boundary, () -> run[0].kill());
        synchronized (run) {
            lab.kube().intercept(kill);
            run[0] = program.start(false, arguments());
        }
        Program.Result killed = run[0].await(LIMIT_SECONDS);
        if (!kill.reached()) {
            throw new IllegalStateException(
                    "boundary " + boundary + " was never reached:\n" + killed.err());
        }
        lab.kube().release();
    }

    /** What differs from the state before the migration after everything was put back. */
    private List<String> notAsBefore() throws InterruptedException {
        List<String> violations = new ArrayList<>();
        if (!lab.applications().awaitServing(lab.pods(), Duration.ofSeconds(30))) {
            violations.add("rolled back, but the applications do not serve");
        }
        OpenSides open = OpenSides.of(lab);
        if (!open.source() || open.target()) {
            violations.add("rolled back, but open are: " + open);
        }
        checkSettings(false, violations);
        return violations;
    }

    private void checkSettings(boolean migrated, List<String> violations) {
        if (!lab.replicas().equals(lab.originalReplicas())) {
            violations.add("replicas are " + lab.replicas() + ", not " + lab.originalReplicas());
        }
        String endpoint = migrated ? "database-pooler-rw" : "mastodon-postgresql-pooler";
        if (!lab.endpoint().equals(endpoint)) {
            violations.add("DB_HOST is " + lab.endpoint() + ", not " + endpoint);
        }
        if (!migrated) {
            var now = lab.settings();
            lab.originalSettings()
                    .forEach((key, before) -> {
                        if (!key.startsWith("database-app/") && !before.equals(now.get(key))) {
                            violations.add(key + " is not what it was");
                        }
                    });
        }
    }

    List<String> arguments() {
        return new ArrayList<>(
                List.of(
                        "migrate",
                        "-f",
                        lab.document().toString(),
                        "--kubeconfig",
                        lab.kubeconfig().toString(),
                        "--direct",
                        "--yes",
                        "-o",
                        "json"));
    }

    private void awaitTraffic(Duration before) throws InterruptedException {
        if (!lab.applications().awaitServing(lab.pods(), Duration.ofSeconds(30))) {
            throw new IllegalStateException("the applications do not serve");
        }
        TimeUnit.MILLISECONDS.sleep(before.toMillis());
    }

    private Outcome judge(
            Program.Result result, Instant start, Duration after, Optional<Plant> plant)
            throws InterruptedException, SQLException {
        List<String> violations = new ArrayList<>();
        if (!lab.applications().awaitServing(lab.pods(), Duration.ofSeconds(30))) {
            violations.add("the applications do not serve again");
        }
        TimeUnit.MILLISECONDS.sleep(after.toMillis());
        Instant end = lab.ledger().now();
        lab.applications().stopAll();
        ObjectNode document = document(result);
        boolean migrated = document.path("liveSide").asText().equals("target");
        PgServer live = migrated ? lab.target() : lab.source();
        PgServer other = migrated ? lab.source() : lab.target();
        Judgement judgement;
        try (Connection serving = live.connect("mastodon");
                Connection idle = other.connect("mastodon")) {
            if (plant.isPresent()) {
                String planted =
                        plant.get() == Plant.LOST
                                ? lab.ledger().plantLostWrite(serving)
                                : lab.ledger().plantDouble(serving);
                System.err.println("planted: " + planted);
            }
            judgement = lab.ledger().judge(serving, migrated ? idle : null);
        }
        if (!judgement.clean()) {
            violations.add("the ledger is not clean: " + judgement.examples());
        }
        checkSettings(migrated, violations);
        addFigures(document, judgement, start, end);
        return new Outcome(result.exit(), document, judgement, violations);
    }

    private void addFigures(ObjectNode document, Judgement judgement, Instant start, Instant end) {
        lab.ledger()
                .downtime(start, end)
                .ifPresent(d -> document.put("downtimeSeconds", d.toMillis() / 1000.0));
        lab.ledger()
                .longestPause(start, end)
                .ifPresent(d -> document.put("writePauseSeconds", d.toMillis() / 1000.0));
        document.put("acknowledgedWrites", judgement.acknowledgedWrites());
        document.put("lostWrites", judgement.lostWrites());
        document.put("duplicateWrites", judgement.duplicateWrites());
        document.put("phantomWrites", judgement.phantomWrites());
        document.put("unknownWrites", judgement.unknownWrites());
        document.put("twoSides", judgement.twoSides());
    }

    private static ObjectNode document(Program.Result result) {
        try {
            JsonNode parsed = JSON.readTree(result.out());
            if (parsed instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalStateException(
                    "the program printed no result (exit " + result.exit() + "):\n" + result.err());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the program's result is no JSON: " + result.out(), e);
        }
    }
}
