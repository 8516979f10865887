package dev.switchback.lab.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.lab.demo.Script.Command;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.lab.traffic.Judgement;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The runs of one script in one lab, with traffic before, during, between and after them, and the
 * ledger's judgement at the end: one ledger over all of them, held against the side that serves
 * last.
 */
final class DemoRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LIMIT_SECONDS = 900;
    private static final Duration SERVING = Duration.ofSeconds(30);

    private final Lab lab;
    private final Script script;
    private final Program program;
    private final boolean narrate;
    private final List<Leg> legs = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final ObjectNode epilogue = JSON.createObjectNode();

    DemoRun(Lab lab, Script script, boolean narrate) {
        this.lab = lab;
        this.script = script;
        this.program = new Program(lab.folder());
        this.narrate = narrate;
    }

    /** What can be planted behind the ledger's back to prove that the demo notices it. */
    enum Plant {
        LOST,
        DOUBLE
    }

    /**
     * @param exit of the first run that failed; where kills were planted, of the last
     * @param document what the last run says, and what only an earlier one does; {@code runs} has
     *     each one's own; the ledger's figures are of all together
     * @param judgement what the ledger says
     */
    record Outcome(int exit, ObjectNode document, Judgement judgement, List<String> violations) {
        boolean clean() {
            return violations.isEmpty();
        }
    }

    /** Traffic, the migration, traffic, whatever follows, judgement. */
    Outcome run(Duration before, Duration after, Optional<String> failAt, Optional<Plant> plant)
            throws InterruptedException, SQLException {
        awaitTraffic(before);
        List<String> drill = failAt.map(step -> List.of("--drill-fail-at", step)).orElse(List.of());
        leg(Command.MIGRATE, after, drill);
        for (Command next : script.then()) {
            if (!legs.getLast().arrived()) {
                break; // there is nothing to go back from; how it ended is in the document
            }
            leg(next, after, List.of());
        }
        if (script.cleansUp() && legs.getLast().arrived()) {
            violations.addAll(new Epilogue(lab, script, program, narrate).run(epilogue));
            TimeUnit.MILLISECONDS.sleep(after.toMillis());
        }
        return judge(
                plant, legs.stream().mapToInt(Leg::exit).filter(e -> e != 0).findFirst().orElse(0));
    }

    /**
     * @param words how the run after each kill ended: {@code killed} when the next kill met it
     * @param outcome at the very end, after a further run if that one rolled back
     */
    record Killed(List<String> words, Outcome outcome) {}

    /**
     * The same with the program killed at each boundary in turn, in the plan's order, and started
     * again from another folder each time.
     *
     * @param forward boundaries of the migration
     * @param back boundaries of the first way back
     */
    Killed runKilledAt(List<String> forward, List<String> back, Duration after)
            throws InterruptedException, SQLException {
        awaitTraffic(Duration.ofMillis(500));
        List<String> words = new ArrayList<>();
        words.addAll(killedLeg(Command.MIGRATE, forward, after));
        boolean backKilled = false;
        for (Command next : script.then()) {
            if (!legs.getLast().arrived()) {
                break;
            }
            boolean here = next == Command.ROLLBACK && !backKilled;
            words.addAll(killedLeg(next, here ? back : List.of(), after));
            backKilled |= here;
        }
        return new Killed(words, judge(Optional.empty(), legs.getLast().exit()));
    }

    /** Empty when there was nothing to kill it at. */
    private List<String> killedLeg(Command command, List<String> boundaries, Duration after)
            throws InterruptedException {
        if (boundaries.isEmpty()) {
            checkFinished(leg(command, after, List.of()));
            return List.of();
        }
        List<String> words = new ArrayList<>();
        expect(command);
        for (String boundary : boundaries) {
            kill(command, boundary);
            if (OpenSides.of(lab).both()) {
                violations.add("after the kill at " + boundary + " both sides could be written");
            }
            words.add("killed");
        }
        Leg resumed = leg(command, after, List.of());
        words.set(words.size() - 1, resumed.result());
        if (takenBack(command, resumed.result())) {
            // the side that served serves as before, and the next try succeeds
            checkTakenBack(command);
            resumed = leg(command, after, List.of());
        }
        checkFinished(resumed);
        return words;
    }

    private void checkFinished(Leg leg) {
        if (!leg.finished()) {
            violations.add(
                    leg.command().word() + " ended " + leg.result() + ", exit " + leg.exit());
        }
    }

    private void kill(Command command, String boundary) throws InterruptedException {
        for (int runs = 1; ; runs++) {
            Program.Running[] run = new Program.Running[1];
            Boundary kill = new Boundary(boundary, () -> run[0].kill());
            synchronized (run) {
                lab.kube().intercept(kill);
                run[0] = program.start(false, script.arguments(command, lab));
            }
            Program.Result ended = run[0].await(LIMIT_SECONDS);
            lab.kube().release();
            if (kill.reached()) {
                return;
            }
            // after an earlier kill a run may be taken back before it gets there; the next one does
            if (runs == 2 || !takenBack(command, Leg.said(ended).path("result").asText())) {
                throw new IllegalStateException(
                        "boundary " + boundary + " was never reached:\n" + ended.err());
            }
        }
    }

    private static boolean takenBack(Command command, String result) {
        return result.equals(command == Command.MIGRATE ? "rolledBack" : "stayed");
    }

    /** What differs from the state before a command after everything was put back. */
    private void checkTakenBack(Command command) {
        OpenSides open = OpenSides.of(lab);
        OpenSides before =
                command == Command.MIGRATE
                        ? new OpenSides(true, false)
                        : new OpenSides(false, true);
        if (!open.equals(before)) {
            violations.add(command.word() + " was taken back, but open are: " + open);
        }
        checkSettings(command == Command.ROLLBACK);
    }

    private void checkSettings(boolean onTarget) {
        if (!lab.replicas().equals(lab.originalReplicas())) {
            violations.add("replicas are " + lab.replicas() + ", not " + lab.originalReplicas());
        }
        String endpoint = onTarget ? "database-pooler-rw" : "mastodon-postgresql-pooler";
        if (!lab.endpoint().equals(endpoint)) {
            violations.add("DB_HOST is " + lab.endpoint() + ", not " + endpoint);
        }
        if (!onTarget) {
            var now = lab.settings();
            lab.originalSettings()
                    .forEach((key, before) -> {
                        if (!key.startsWith("database-app/") && !before.equals(now.get(key))) {
                            violations.add(key + " is not what it was");
                        }
                    });
        }
    }

    private void awaitTraffic(Duration before) throws InterruptedException {
        if (!lab.applications().awaitServing(lab.pods(), SERVING)) {
            throw new IllegalStateException("the applications do not serve");
        }
        TimeUnit.MILLISECONDS.sleep(before.toMillis());
    }

    /** The ledger must know when a server that was replaced may serve again. */
    private void expect(Command command) {
        if (!legs.isEmpty() && legs.getLast().command() != command) {
            lab.ledger().expectSwitchBack();
        }
    }

    /** One run of the program, until the applications serve again and have written for a while. */
    private Leg leg(Command command, Duration after, List<String> more)
            throws InterruptedException {
        expect(command);
        Instant start = lab.ledger().now();
        List<String> arguments = script.arguments(command, lab);
        arguments.addAll(more);
        Program.Result result = program.start(narrate, arguments).await(LIMIT_SECONDS);
        if (!lab.applications().awaitServing(lab.pods(), SERVING)) {
            violations.add("the applications do not serve again after " + command.word());
        }
        if (OpenSides.of(lab).both()) {
            violations.add("after " + command.word() + " both sides could be written");
        }
        TimeUnit.MILLISECONDS.sleep(after.toMillis());
        Leg leg = Leg.of(command, result, lab.ledger(), start, lab.ledger().now());
        legs.add(leg);
        if (!narrate && !leg.finished()) {
            System.err.println(result.err());
        }
        return leg;
    }

    /** Has the program write its page about all this. */
    void report(Path file) throws InterruptedException {
        List<String> arguments =
                List.of(
                        "report",
                        "--html",
                        file.toAbsolutePath().toString(),
                        "-f",
                        lab.document(script.strategy()).toString(),
                        "--kubeconfig",
                        lab.kubeconfig().toString(),
                        "--direct");
        Program.Result result = program.start(false, arguments).await(LIMIT_SECONDS);
        if (result.exit() != 0) {
            throw new IllegalStateException("no report was written:\n" + result.err());
        }
    }

    private Outcome judge(Optional<Plant> plant, int exit) throws SQLException {
        lab.applications().stopAll();
        ObjectNode document = document();
        boolean onTarget = document.path("liveSide").asText().equals("target");
        PgServer live = onTarget ? lab.target() : lab.source();
        PgServer other = onTarget ? lab.source() : lab.target();
        // the target's database is there for certain only once a migration has made it
        boolean bothFilled = legs.stream().anyMatch(Leg::arrived);
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
            judgement = lab.ledger().judge(serving, bothFilled ? idle : null);
        }
        if (!judgement.clean()) {
            violations.add("the ledger is not clean: " + judgement.examples());
        }
        checkSettings(onTarget);
        document.setAll(epilogue);
        addFigures(document, judgement);
        return new Outcome(exit, document, judgement, new ArrayList<>(violations));
    }

    /** What the last run says, and what only an earlier one does. */
    private ObjectNode document() {
        ObjectNode document = JSON.createObjectNode();
        for (Leg leg : legs) {
            leg.document()
                    .properties()
                    .forEach(e -> {
                        // a later silence does not undo what was said
                        if (!e.getValue().isNull() || !document.has(e.getKey())) {
                            document.set(e.getKey(), e.getValue());
                        }
                    });
        }
        document.remove(List.of("command", "exit"));
        Leg.seconds(document, "downtimeSeconds", longest(legs.stream().map(Leg::downtime)));
        Leg.seconds(document, "writePauseSeconds", longest(legs.stream().map(Leg::pause)));
        ArrayNode runs = document.putArray("runs");
        legs.forEach(leg -> runs.add(leg.document()));
        return document;
    }

    private static Optional<Duration> longest(Stream<Optional<Duration>> durations) {
        return durations.flatMap(Optional::stream).max(Comparator.naturalOrder());
    }

    private void addFigures(ObjectNode document, Judgement judgement) {
        document.put("acknowledgedWrites", judgement.acknowledgedWrites());
        document.put("acknowledgedRows", lab.ledger().acknowledgedRows());
        document.put("lostWrites", judgement.lostWrites());
        document.put("duplicateWrites", judgement.duplicateWrites());
        document.put("phantomWrites", judgement.phantomWrites());
        document.put("unknownWrites", judgement.unknownWrites());
        document.put("twoSides", judgement.twoSides());
    }
}
