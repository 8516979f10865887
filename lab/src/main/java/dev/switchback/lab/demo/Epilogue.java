package dev.switchback.lab.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What comes after a migration that stays, with the program's clock made to run fast: watched for a
 * week, cleaned up, and proven to have left nothing. The applications write all the while.
 */
final class Epilogue {
    private static final int SPEED = 20_000;
    private static final Duration WEEK = Duration.ofDays(7);

    /** Between the end of the week and the cleanup. */
    private static final Duration LATER = Duration.ofHours(6);

    private static final long LIMIT_SECONDS = 300;

    private final Lab lab;
    private final Script script;
    private final Program program;
    private final boolean narrate;
    private final List<String> violations = new ArrayList<>();

    Epilogue(Lab lab, Script script, Program program, boolean narrate) {
        this.lab = lab;
        this.script = script;
        this.program = program;
        this.narrate = narrate;
    }

    /**
     * @param document gets {@code watch}, {@code cleanup} and {@code verifyClean}, what each
     *     command printed
     * @return what was not as it should be
     */
    List<String> run(ObjectNode document) throws InterruptedException {
        // a report that still asks the old side is a reason not to give it up: it has moved by then
        lab.noise().stopReport();
        Instant begin = Instant.now();
        say(
                document,
                "watch",
                0,
                List.of("watch", "--backup", "--for", "7d", "--interval", "6h"),
                begin,
                SPEED);
        Instant week = begin.plus(WEEK).plus(LATER);
        say(
                document,
                "cleanup",
                0,
                List.of("cleanup", "--confirm", "mastodon-postgresql"),
                week,
                1);
        say(document, "verifyClean", 0, List.of("verify-clean"), week, 1);
        if (!document.path("verifyClean").path("left").isEmpty()) {
            violations.add("left behind: " + document.path("verifyClean").path("left"));
        }
        return violations;
    }

    private void say(
            ObjectNode document,
            String key,
            int expected,
            List<String> command,
            Instant clock,
            int speed)
            throws InterruptedException {
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(
                List.of(
                        "-f",
                        script.document(lab).toString(),
                        "--kubeconfig",
                        lab.cleanupKubeconfig().toString(),
                        "--direct",
                        "-o",
                        "json",
                        "--drill-clock-base",
                        clock.toString(),
                        "--drill-clock-speed",
                        String.valueOf(speed)));
        Program.Result result = program.start(narrate, arguments).await(LIMIT_SECONDS);
        document.set(key, Leg.said(result));
        if (result.exit() != expected) {
            violations.add(
                    command.getFirst() + " ended with exit " + result.exit() + ": " + result.err());
        }
    }
}
