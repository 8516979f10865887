package dev.switchback.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.lab.demo.DemoRun.Outcome;
import java.util.Locale;

/** What the demo found, for people. */
final class DemoText {
    private DemoText() {}

    static String of(Outcome outcome) {
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
        text.append(runs(d));
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

    /** What a planted defect led to. */
    static String ofBreak(JsonNode broken) {
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

    /** A line for each run when there is more than one. */
    private static String runs(JsonNode document) {
        JsonNode runs = document.path("runs");
        StringBuilder text = new StringBuilder();
        if (runs.size() < 2) {
            return "";
        }
        for (JsonNode run : runs) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  %-10s %s, downtime %s s, longest write pause %s s%n",
                            run.path("command").asText(),
                            run.path("result").asText(),
                            run.path("downtimeSeconds").asText("-"),
                            run.path("writePauseSeconds").asText("-")));
        }
        return text.toString();
    }
}
