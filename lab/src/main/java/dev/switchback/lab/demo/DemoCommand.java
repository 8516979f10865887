package dev.switchback.lab.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.cli.App;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.demo.Applications.Writing;
import dev.switchback.lab.demo.DemoRun.Outcome;
import dev.switchback.lab.demo.DemoRun.Plant;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * Migrates a Mastodon-shaped database between embedded servers with the real program, under
 * traffic.
 */
@Command(
        name = "demo",
        description = {
            "Migrate a Mastodon-shaped database from an embedded \"Zalando\" PostgreSQL to an embedded",
            "\"CloudNativePG\" one, under traffic, with the real program; needs no cluster."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final double TINY = 0.01;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--strategy", description = "offline or online (default: ${DEFAULT-VALUE})")
    Strategy strategy = Strategy.DEFAULT;

    @Option(
            names = "--then",
            split = ",",
            paramLabel = "COMMAND",
            description =
                    "what follows the migration under the same traffic: rollback, or rollback,migrate; cleanup last")
    List<String> then = List.of();

    @Option(
            names = "--accept-data-loss",
            hidden = true,
            description = "let each rollback leave writes behind")
    boolean acceptDataLoss;

    @Option(
            names = "--time-lapse",
            description =
                    "with --then cleanup: the program's clock is made to run, so that a week passes")
    boolean timeLapse;

    @Option(
            names = "--writers",
            description =
                    "pods: the applications write, and are stopped and started (default); external:"
                            + " clients that nobody stops write, and connect again when they are refused")
    Writing writing = Writing.PODS;

    @Option(
            names = "--scale",
            paramLabel = "N",
            description =
                    "size of the database; 1 is 200 to 300 MB (default: 1, with --kill-at 0.01)")
    @Nullable Double scale;

    @Option(
            names = "--kill-at",
            paramLabel = "BOUNDARY",
            description = "kill the program there and start it again; 'each' for every one in turn")
    @Nullable String killAt;

    @Option(
            names = "--fail-at",
            paramLabel = "STEP",
            description = "let this step fail after it has acted")
    @Nullable String failAt;

    @Option(
            names = "--break",
            paramLabel = "NAME",
            description =
                    "plant a defect that a check must find; 'list' names them, 'each' plants every one in turn")
    @Nullable String broken;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "write the page of 'report --html' there before the lab is gone")
    @Nullable Path report;

    @Option(
            names = "--plant",
            hidden = true,
            description = "damage the serving side before the judgement: lost or double")
    @Nullable Plant plant;

    @ParentCommand App app = new App();

    @Override
    public Integer call() throws Exception {
        if ("list".equals(broken)) {
            return listBreaks();
        }
        if (broken != null) {
            return broken(broken);
        }
        Script script = Script.of(strategy, then, acceptDataLoss);
        if (script.cleansUp() != timeLapse) {
            throw new SwitchbackException(
                    Code.USAGE,
                    "demo --then",
                    "a cleanup comes a week after the migration, and nothing else needs one",
                    "use them together: --then cleanup --time-lapse");
        }
        VersionPair versions = VersionPair.choose();
        if (killAt != null) {
            return killed(versions, script, killAt);
        }
        say(
                "lab: PostgreSQL "
                        + versions.source()
                        + " (Zalando) and "
                        + versions.target()
                        + " (CloudNativePG), TLS on");
        try (LabTemplate template = LabTemplate.build(versions, scale == null ? 1.0 : scale);
                Lab lab = Lab.start(template, strategy.pace(), writing)) {
            say("lab: database filled, operators and applications run; traffic begins");
            DemoRun run = new DemoRun(lab, script, true);
            Outcome outcome =
                    run.run(
                            small() ? Duration.ofSeconds(1) : Duration.ofSeconds(4),
                            small() ? Duration.ofSeconds(1) : Duration.ofSeconds(3),
                            Optional.ofNullable(failAt),
                            Optional.ofNullable(plant));
            outcome.violations().forEach(v -> say("VIOLATION: " + v));
            if (report != null) {
                run.report(report);
            }
            print(outcome.document(), () -> DemoText.of(outcome));
            return outcome.clean() ? outcome.exit() : ExitCode.DIFFERENT.code();
        }
    }

    /** A tiny database needs no long traffic around its migration either. */
    private boolean small() {
        return scale != null && scale < 0.05;
    }

    private Integer killed(VersionPair versions, Script script, String where)
            throws SQLException, InterruptedException {
        try (LabTemplate template = LabTemplate.build(versions, scale == null ? TINY : scale)) {
            KillDrill drill = new KillDrill(template, script);
            // a boundary that is named may be one of the way back, which only the plan knows
            KillDrill.Boundaries boundaries =
                    "each".equals(where) || script.goesBack()
                            ? drill.boundaries()
                            : new KillDrill.Boundaries(List.of(where), List.of());
            List<String> chosen = "each".equals(where) ? boundaries.all() : List.of(where);
            ObjectNode document = JSON.createObjectNode();
            ArrayNode outcomes = JSON.createArrayNode();
            boolean clean = true;
            int killed = 0;
            for (String boundary : chosen) {
                KillDrill.Verdict verdict =
                        boundaries.back().contains(boundary)
                                ? drill.onTheWayBackAt(boundary)
                                : drill.at(boundary);
                killed++;
                clean &= verdict.clean();
                say(
                        String.format(
                                "%3d/%d  %-36s %s%s",
                                killed,
                                chosen.size(),
                                boundary,
                                verdict.outcome(),
                                verdict.clean() ? "" : "  VIOLATION: " + verdict.violations()));
                outcomes.add(verdict.json());
            }
            document.put("strategy", strategy.word());
            document.put("boundaries", chosen.size());
            document.put("killed", killed);
            document.set("outcomes", outcomes);
            document.put("ledgerClean", clean);
            boolean allClean = clean;
            print(
                    document,
                    () ->
                            "killed at "
                                    + document.path("killed").asInt()
                                    + " boundaries, ledger "
                                    + (allClean ? "clean" : "NOT CLEAN"));
            return clean ? 0 : ExitCode.DIFFERENT.code();
        }
    }

    private Integer listBreaks() {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode breaks = document.putArray("breaks");
        StringBuilder text = new StringBuilder();
        for (Break known : Break.all()) {
            ObjectNode entry = breaks.addObject();
            entry.put("name", known.name());
            entry.put("what", known.what());
            entry.put("check", known.check());
            entry.put("code", known.code());
            text.append(String.format("%-28s %s%n", known.name(), known.what()));
        }
        print(document, () -> text.toString().stripTrailing());
        return 0;
    }

    private Integer broken(String name) throws Exception {
        List<Break> chosen =
                Break.all().stream()
                        .filter(b -> name.equals("each") || b.name().equals(name))
                        .toList();
        if (chosen.isEmpty()) {
            throw new SwitchbackException(
                    Code.USAGE,
                    "demo --break",
                    "there is no defect '" + name + "'",
                    "name one of: "
                            + String.join(", ", Break.all().stream().map(Break::name).toList()));
        }
        VersionPair versions = VersionPair.choose();
        try (LabTemplate template = LabTemplate.build(versions, scale == null ? TINY : scale)) {
            ObjectNode all = JSON.createObjectNode();
            ArrayNode results = all.putArray("breaks");
            StringBuilder text = new StringBuilder();
            int exit = ExitCode.OK.code();
            for (Break each : chosen) {
                BreakRun.Verdict verdict = new BreakRun(template).of(each);
                results.add(verdict.document());
                text.append(text.isEmpty() ? "" : "\n\n")
                        .append(DemoText.ofBreak(verdict.document()));
                exit = Math.max(exit, verdict.exit());
            }
            print(chosen.size() == 1 ? (ObjectNode) results.get(0) : all, () -> text.toString());
            return exit;
        }
    }

    private void print(ObjectNode document, java.util.function.Supplier<String> text) {
        if (!app.json()) {
            System.out.println(text.get());
            return;
        }
        try {
            System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the result cannot be written", e);
        }
    }

    private static void say(String text) {
        System.err.println(text);
    }
}
