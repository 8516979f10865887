package dev.switchback.lab.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.ExitCode;
import dev.switchback.lab.traffic.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One run of the program under traffic, and what its users noticed of it.
 *
 * @param document the program's own result, with {@code command} and {@code exit} before it
 * @param downtime from the first application refused or stopped until all serve again; empty when
 *     they do not
 * @param pause the longest time between two acknowledged commits
 */
record Leg(
        Script.Command command,
        int exit,
        ObjectNode document,
        Optional<Duration> downtime,
        Optional<Duration> pause) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @param from the ledger's time when the program was started
     * @param to the ledger's time when its traffic ended
     */
    static Leg of(
            Script.Command command,
            Program.Result result,
            Ledger ledger,
            Instant from,
            Instant to) {
        Optional<Duration> downtime = ledger.downtime(from, to);
        Optional<Duration> pause = ledger.longestPause(from, to);
        ObjectNode document = JSON.createObjectNode();
        document.put("command", command.word());
        document.put("exit", result.exit());
        document.setAll(said(result));
        seconds(document, "downtimeSeconds", downtime);
        seconds(document, "writePauseSeconds", pause);
        return new Leg(command, result.exit(), document, downtime, pause);
    }

    /** Nothing when there is nothing to say: the program's own figure stays then. */
    static void seconds(ObjectNode document, String key, Optional<Duration> duration) {
        duration.ifPresent(d -> document.put(key, d.toMillis() / 1000.0));
    }

    String result() {
        return document.path("result").asText();
    }

    /** Whether the service is where the command was to bring it, whatever failed afterwards. */
    boolean arrived() {
        return document.path("liveSide").asText().equals(command.liveSide());
    }

    /** Whether nothing is left to do of it. */
    boolean finished() {
        return result().equals(command.success());
    }

    /**
     * The program's result; where it refused to begin there is none, and its words stand for it.
     */
    static ObjectNode said(Program.Result result) {
        if (result.out().isBlank() && result.exit() == ExitCode.BLOCKED.code()) {
            ObjectNode refused = JSON.createObjectNode();
            refused.put("result", "refused");
            ArrayNode problems = refused.putArray("problems");
            result.err().lines().filter(line -> line.startsWith("error: ")).forEach(problems::add);
            return refused;
        }
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
