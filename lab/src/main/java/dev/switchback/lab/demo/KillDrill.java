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
import java.util.Set;
import java.util.function.Predicate;

/**
 * Kills the program at a boundary of its plan, in a fresh lab each, and starts it again from
 * another folder: the migration at its boundaries, the way back at those of its own.
 */
public final class KillDrill {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pace PACE =
            Pace.DEFAULT.withConnections(1).withThink(Duration.ofMillis(100));

    private static final Duration AFTER = Duration.ofMillis(300);

    /** How the run after a kill may end: finished, or taken back to begin anew. */
    private static final Set<String> ENDS = Set.of("migrated", "rolledBack", "returned", "stayed");

    private final LabTemplate template;
    private final Script script;

    /** Kills of a migration that nothing follows. */
    public KillDrill(LabTemplate template, Strategy strategy) {
        this(template, Script.migration(strategy));
    }

    /** Kills of a migration and of the way back that follows it. */
    public static KillDrill thereAndBack(LabTemplate template, Strategy strategy) {
        return new KillDrill(
                template, new Script(strategy, List.of(Script.Command.ROLLBACK), false));
    }

    KillDrill(LabTemplate template, Script script) {
        this.template = template;
        this.script = script;
    }

    /**
     * All that the program's plan lists.
     *
     * @param back of the way back; empty when the script does not go back
     */
    public record Boundaries(List<String> forward, List<String> back) {
        List<String> all() {
            List<String> all = new ArrayList<>(forward);
            all.addAll(back);
            return all;
        }

        /** Those that pass, of both directions. */
        public Boundaries only(Predicate<String> wanted) {
            return new Boundaries(
                    forward.stream().filter(wanted).toList(),
                    back.stream().filter(wanted).toList());
        }
    }

    /** What a run is killed at on its way forward and, when that is done, on its way back. */
    public record Chain(List<String> forward, List<String> back) {}

    /**
     * How one kill ended – {@code migrated} or {@code rolledBack}, on the way back {@code returned}
     * or {@code stayed} – and what was wrong.
     */
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
    public Boundaries boundaries() throws InterruptedException {
        try (Lab lab = Lab.start(template, PACE)) {
            Program.Result result =
                    new Program(lab.folder())
                            .start(
                                    false,
                                    List.of(
                                            "plan",
                                            "-f",
                                            lab.document(script.strategy()).toString(),
                                            "--kubeconfig",
                                            lab.kubeconfig().toString(),
                                            "--direct",
                                            "-o",
                                            "json"))
                            .await(60);
            if (result.exit() != 0) {
                throw new IllegalStateException("plan failed: " + result.err());
            }
            JsonNode plan = JSON.readTree(result.out());
            List<String> back =
                    script.goesBack() ? texts(plan.path("returnBoundaries")) : List.of();
            if (script.goesBack() && back.isEmpty()) {
                throw new IllegalStateException("the plan lists no boundaries of the way back");
            }
            return new Boundaries(texts(plan.path("boundaries")), back);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the plan is no JSON", e);
        }
    }

    private List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        texts.removeIf(boundary -> !happens(boundary));
        return texts;
    }

    /**
     * Nothing in the lab writes large objects: once they came with the seed, the steps that carry
     * them again find them already so, and journal no intent.
     */
    private boolean happens(String boundary) {
        return script.strategy() == Strategy.OFFLINE
                || !boundary.matches("(copy|return)-large-objects:(intent|applied)");
    }

    /** One kill of the migration, one restart, and the rest of the script. */
    public Verdict at(String boundary) throws InterruptedException, SQLException {
        return at(boundary, new Chain(List.of(boundary), List.of()));
    }

    /** The same with the first way back killed. */
    public Verdict onTheWayBackAt(String boundary) throws InterruptedException, SQLException {
        return at(boundary, new Chain(List.of(), List.of(boundary)));
    }

    private Verdict at(String boundary, Chain chain) throws InterruptedException, SQLException {
        try (Lab lab = Lab.start(template, PACE)) {
            DemoRun.Killed killed = run(lab, chain);
            String word = killed.words().getFirst();
            List<String> violations = new ArrayList<>(killed.outcome().violations());
            if (!ENDS.contains(word)) {
                violations.add("the second run ended '" + word + "'");
            }
            return new Verdict(boundary, word, violations);
        }
    }

    private DemoRun.Killed run(Lab lab, Chain chain) throws InterruptedException, SQLException {
        return new DemoRun(lab, script, false).runKilledAt(chain.forward(), chain.back(), AFTER);
    }

    /**
     * Shares the boundaries among fewer migrations: each chain takes every n-th, so that a run gets
     * some steps further before the next kill. Returns at most n chains.
     */
    public static List<Chain> chains(Boundaries boundaries, int n) {
        List<Chain> chains = new ArrayList<>();
        int most = Math.max(boundaries.forward().size(), boundaries.back().size());
        for (int i = 0; i < Math.min(n, most); i++) {
            chains.add(
                    new Chain(
                            everyNth(boundaries.forward(), i, n),
                            everyNth(boundaries.back(), i, n)));
        }
        return chains;
    }

    private static List<String> everyNth(List<String> of, int first, int n) {
        List<String> taken = new ArrayList<>();
        for (int i = first; i < of.size(); i += n) {
            taken.add(of.get(i));
        }
        return taken;
    }

    /** One script that is killed at each of these boundaries, and what was wrong at its end. */
    public List<String> along(Chain chain) throws InterruptedException, SQLException {
        try (Lab lab = Lab.start(template, PACE)) {
            return run(lab, chain).outcome().violations();
        }
    }
}
