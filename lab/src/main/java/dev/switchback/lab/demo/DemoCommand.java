package dev.switchback.lab.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.cli.App;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.demo.DemoRun.Outcome;
import dev.switchback.lab.demo.DemoRun.Plant;
import dev.switchback.lab.traffic.Pace;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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

    @Option(
            names = "--strategy",
            defaultValue = "offline",
            description = "offline (default: ${DEFAULT-VALUE})")
    Strategy strategy = Strategy.OFFLINE;

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
            names = "--plant",
            hidden = true,
            description = "damage the serving side before the judgement: lost or double")
    @Nullable Plant plant;

    @ParentCommand App app = new App();

    /** The strategies the demo can show. */
    enum Strategy {
        OFFLINE
    }

    @Override
    public Integer call() throws Exception {
        if ("list".equals(broken)) {
            return listBreaks();
        }
        if (broken != null) {
            return broken(broken);
        }
        VersionPair versions = VersionPair.choose();
        if (killAt != null) {
            return killed(versions);
        }
        say(
                "lab: PostgreSQL "
                        + versions.source()
                        + " (Zalando) and "
                        + versions.target()
                        + " (CloudNativePG), TLS on");
        try (LabTemplate template = LabTemplate.build(versions, scale == null ? 1.0 : scale);
                Lab lab = Lab.start(template, Pace.DEFAULT)) {
            say("lab: database filled, operators and applications run; traffic begins");
            Outcome outcome =
                    new DemoRun(lab, true)
                            .run(
                                    small() ? Duration.ofSeconds(1) : Duration.ofSeconds(4),
                                    small() ? Duration.ofSeconds(1) : Duration.ofSeconds(3),
                                    Optional.ofNullable(failAt),
                                    Optional.ofNullable(plant));
            outcome.violations().forEach(v -> say("VIOLATION: " + v));
            print(outcome.document(), () -> text(outcome));
            return outcome.clean() ? outcome.exit() : ExitCode.DIFFERENT.code();
        }
    }

    /** A tiny database needs no long traffic around its migration either. */
    private boolean small() {
        return scale != null && scale < 0.05;
    }

    private Integer killed(VersionPair versions) throws SQLException, InterruptedException {
        try (LabTemplate template = LabTemplate.build(versions, scale == null ? TINY : scale)) {
            KillDrill drill = new KillDrill(template);
            List<String> boundaries =
                    "each".equals(killAt) ? drill.boundaries() : List.of(String.valueOf(killAt));
            ObjectNode document = JSON.createObjectNode();
            ArrayNode outcomes = JSON.createArrayNode();
            boolean clean = true;
            int killed = 0;
            for (String boundary : boundaries) {
                KillDrill.Verdict verdict = drill.at(boundary);
                killed++;
                clean &= verdict.clean();
                say(
                        String.format(
                                "%3d/%d  %-36s %s%s",
                                killed,
                                boundaries.size(),
                                boundary,
                                verdict.outcome(),
                                verdict.clean() ? "" : "  VIOLATION: " + verdict.violations()));
                outcomes.add(verdict.json());
            }
            document.put("strategy", "offline");
            document.put("boundaries", boundaries.size());
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
                text.append(text.isEmpty() ? "" : "\n\n").append(text(verdict.document()));
                exit = Math.max(exit, verdict.exit());
            }
            print(chosen.size() == 1 ? (ObjectNode) results.get(0) : all, () -> text.toString());
            return exit;
        }
    }

    private static String text(JsonNode broken) {
        JsonNode finding = broken.path("finding");
        StringBuilder text = new StringBuilder();
        text.append("planted      ").append(broken.path("what").asText()).append('\n');
        text.append("result       ").append(broken.path("result").asText()).append('\n');
        text.append("check        ").append(finding.path("check").asText()).append('\n');
        text.append("found        ")
                .append(finding.path("code").asText())
                .append(' ')
                .append(finding.path("object").asText())
                .append(": ")
                .append(finding.path("what").asText())
                .append('\n');
        if (!finding.path("why").asText().isEmpty()) {
            text.append("why          ").append(finding.path("why").asText()).append('\n');
        }
        text.append("remedy       ").append(finding.path("remedy").asText());
        for (JsonNode violation : broken.path("violations")) {
            text.append("\nVIOLATION    ").append(violation.asText());
        }
        return text.toString();
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

    private static String text(Outcome outcome) {
        ObjectNode d = outcome.document();
        StringBuilder text = new StringBuilder();
        text.append("result       ")
                .append(d.path("result").asText())
                .append(", the ")
                .append(d.path("liveSide").asText())
                .append(" serves\n");
        text.append("versions     PostgreSQL ")
                .append(d.path("sourceVersion").asText())
                .append(" -> ")
                .append(d.path("targetVersion").asText())
                .append('\n');
        text.append("downtime     ")
                .append(d.path("downtimeSeconds").asText("-"))
                .append(" s on the clients' clock, longest write pause ")
                .append(d.path("writePauseSeconds").asText("-"))
                .append(" s\n");
        text.append(predicted(d));
        text.append("writes       ")
                .append(d.path("acknowledgedWrites").asLong())
                .append(" acknowledged, ")
                .append(d.path("lostWrites").asLong())
                .append(" lost, ")
                .append(d.path("duplicateWrites").asLong())
                .append(" double, ")
                .append(d.path("unknownWrites").asLong())
                .append(" of unknown outcome\n");
        text.append("content      ")
                .append(d.path("tablesVerified").asInt())
                .append(" tables verified, ")
                .append(d.path("mismatches").asInt())
                .append(" differ\n");
        return text.append("ledger       ")
                .append(outcome.clean() ? "clean" : "NOT CLEAN")
                .toString();
    }

    /** What the program expected of the downtime, and how far off it was. */
    private static String predicted(JsonNode document) {
        JsonNode span = document.path("prediction").path("downtime");
        double took = document.path("downtimeSeconds").asDouble();
        if (span.isMissingNode() || took == 0) {
            return "";
        }
        double expected = span.path("expected").asDouble();
        return String.format(
                Locale.ROOT,
                "predicted    %.1f s (%.1f to %.1f, rates %s); it took %.1f times the expected%n",
                expected,
                span.path("low").asDouble(),
                span.path("high").asDouble(),
                document.path("prediction").path("basis").asText(),
                took / expected);
    }

    private static void say(String text) {
        System.err.println(text);
    }
}
