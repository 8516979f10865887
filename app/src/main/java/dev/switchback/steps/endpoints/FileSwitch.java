package dev.switchback.steps.endpoints;

import dev.switchback.engine.Facts;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Secret;
import dev.switchback.spec.EndpointFile;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import dev.switchback.workload.EndpointFiles;
import dev.switchback.workload.EndpointFiles.Change;
import dev.switchback.workload.EndpointFiles.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Endpoints in files under Git, forward and back.
 *
 * <ol>
 *   <li>Captured: the exact bytes in our Secret; in the journal their digest, the digest of what we
 *       write, and which variables of which writers name the source.
 *   <li>Written: each file as a whole, only when it is as captured or as we write it.
 *   <li>Applied: the document's command for each file that has one; for the others a person is told
 *       what to commit and push.
 *   <li>In effect: every captured variable of every writer's pod template names the other side.
 *   <li>Still stopped: writers that applying started again are stopped again, until their pods are
 *       gone. At most {@link #STOPS} times: whoever starts them more often is a controller that we
 *       do not fight.
 * </ol>
 *
 * <p>Invariants: the source is fenced and the target closed all the while, so that a writer that
 * runs in between writes nowhere; every part is idempotent, so that a run after a crash does all of
 * them again.
 */
final class FileSwitch {
    private static final String BYTES = "bytes:";
    private static final String WRITER = "writer:";
    private static final String ARROW = " -> ";
    private static final int STOPS = 3;

    /** Looks in a row without a pod: a controller that saw the old count may still create one. */
    private static final int QUIET_LOOKS = 3;

    /** Of the budget for one of the engine's tries to undo. */
    private static final int UNDO_SHARE = 4;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration WHILE_A_PERSON_MERGES = Duration.ofSeconds(1);

    private final World world;
    private final EndpointFiles files;
    private final int attempt;

    /**
     * @param attempt the one that captured
     */
    FileSwitch(World world, int attempt) {
        this.world = world;
        this.files = world.endpointFiles();
        this.attempt = attempt;
    }

    boolean isNeeded() {
        return !files.all().isEmpty();
    }

    Facts capture() {
        Facts facts = Facts.NONE;
        if (!isNeeded()) {
            return facts;
        }
        for (Change change : files.pending()) {
            facts =
                    facts.with(
                            "File:" + change.file().path() + ":" + change.key(),
                            change.before() + ARROW + change.after());
        }
        for (EndpointFile file : files.all()) {
            Kept kept = files.keep(file);
            String name = EndpointFiles.storedName(attempt, file);
            world.captured().keep(name, kept.content());
            facts =
                    facts.with(
                            BYTES + file.path(),
                            kept.sha256() + " " + kept.rewritten() + " " + name);
        }
        for (Map.Entry<String, String> writer : world.writerEndpoints().namingSource().entrySet()) {
            facts = facts.with(WRITER + writer.getKey(), writer.getValue());
        }
        return facts;
    }

    /** What is still to do forward; empty when all is in effect and the writers are stopped. */
    List<String> missing(Facts captured) {
        if (!isNeeded()) {
            return List.of();
        }
        List<String> missing = new ArrayList<>();
        files.pending()
                .forEach(c -> missing.add(c.file().path() + " " + c.key() + " names the source"));
        missing.addAll(world.writerEndpoints().notOnTarget(writers(captured)));
        missing.addAll(running());
        return missing;
    }

    void forward(StepContext context) throws InterruptedException {
        if (!isNeeded()) {
            return;
        }
        Facts captured = context.captured();
        for (EndpointFile file : files.all()) {
            files.write(file, kept(file));
        }
        apply(context);
        settle(
                context,
                () -> world.writerEndpoints().notOnTarget(writers(captured)),
                patience(1),
                told(captured, false));
        awaitStopped(context);
    }

    /** What is still to do on the way back; empty when everything is as captured. */
    List<String> notBack(Facts captured) {
        List<String> missing = new ArrayList<>();
        for (EndpointFile file : files.all()) {
            if (wasCaptured(file, captured) && !files.restored(file, kept(file))) {
                missing.add(file.path() + " is not as it was");
            }
        }
        if (missing.isEmpty() && isNeeded()) {
            missing.addAll(world.writerEndpoints().notOnSource(writers(captured)));
        }
        return missing;
    }

    /**
     * @param tries into how many tries the budget for a person's merge is divided
     */
    void back(StepContext context, Facts captured, int tries) throws InterruptedException {
        boolean any = false;
        for (EndpointFile file : files.all()) {
            if (wasCaptured(file, captured)) {
                files.restore(file, kept(file), digest(captured, file));
                any = true;
            }
        }
        if (!any || world.writerEndpoints().notOnSource(writers(captured)).isEmpty()) {
            return;
        }
        apply(context);
        settle(
                context,
                () -> world.writerEndpoints().notOnSource(writers(captured)),
                patience(tries),
                told(captured, true));
    }

    static int undoTries() {
        return UNDO_SHARE;
    }

    private Secret kept(EndpointFile file) {
        return world.captured().require(EndpointFiles.storedName(attempt, file));
    }

    private static boolean wasCaptured(EndpointFile file, Facts captured) {
        return captured.get(BYTES + file.path()).isPresent();
    }

    private static String digest(Facts captured, EndpointFile file) {
        return captured.require(BYTES + file.path()).split(" ", 3)[1];
    }

    private static Map<String, String> writers(Facts captured) {
        Map<String, String> writers = new LinkedHashMap<>();
        captured.values()
                .forEach((key, value) -> {
                    if (key.startsWith(WRITER)) {
                        writers.put(key.substring(WRITER.length()), value);
                    }
                });
        return writers;
    }

    /** Several files of one kustomization are applied once. */
    private void apply(StepContext context) throws InterruptedException {
        Set<List<String>> ran = new HashSet<>();
        for (EndpointFile file : files.all()) {
            if (!file.merged() && ran.add(file.apply())) {
                context.note("running: " + String.join(" ", file.apply()));
                world.apply()
                        .run(
                                file,
                                world.migration().budgets().apply(),
                                context::note,
                                new Stops(context));
            }
        }
    }

    private boolean merging() {
        return files.all().stream().anyMatch(EndpointFile::merged);
    }

    private Duration patience(int tries) {
        return merging()
                ? world.migration().budgets().merge().dividedBy(tries)
                : world.migration().budgets().apply();
    }

    /** What a person has to commit; Service names only, never a value. */
    private String told(Facts captured, boolean back) {
        List<String> lines = new ArrayList<>();
        for (EndpointFile file : files.all()) {
            if (file.merged()) {
                captured.values()
                        .forEach((id, change) -> {
                            String prefix = "File:" + file.path() + ":";
                            if (id.startsWith(prefix)) {
                                String[] sides = change.split(ARROW, 2);
                                lines.add(
                                        file.path()
                                                + " "
                                                + id.substring(prefix.length())
                                                + ": "
                                                + (back ? sides[1] : sides[0])
                                                + ARROW
                                                + (back ? sides[0] : sides[1]));
                            }
                        });
            }
        }
        return "commit and push " + String.join("; ", lines);
    }

    private void settle(
            StepContext context, Supplier<List<String>> missing, Duration patience, String what)
            throws InterruptedException {
        Instant deadline = Instant.now().plus(patience);
        if (merging() && !missing.get().isEmpty()) {
            context.evidence("waitingFor", what + " (until " + deadline + ", then it is given up)");
            context.note(
                    "waiting up to "
                            + patience.toSeconds()
                            + " s for your merge to reach the cluster: "
                            + what);
        }
        int stops = 0;
        while (true) {
            stops = stopAgain(context, stops);
            List<String> still = missing.get();
            if (still.isEmpty()) {
                return;
            }
            if (Instant.now().isAfter(deadline)) {
                throw late(still, patience, what);
            }
            context.checkpoint();
            Thread.sleep(merging() ? WHILE_A_PERSON_MERGES : BETWEEN_LOOKS);
        }
    }

    private SwitchbackException late(List<String> still, Duration patience, String what) {
        String missing = String.join("; ", still);
        return merging()
                ? new SwitchbackException(
                        Code.MERGE_AWAITED,
                        world.migration().display(),
                        "your merge did not reach the cluster within "
                                + patience.toSeconds()
                                + " s (budgets.merge): "
                                + missing,
                        what
                                + ", see that your GitOps controller applies it, and run the same"
                                + " command again; a commit that is no longer wanted is to be reverted")
                : new SwitchbackException(
                        Code.ENDPOINT_WITHOUT_EFFECT,
                        world.migration().display(),
                        "was applied, but after "
                                + patience.toSeconds()
                                + " s it is not what the writers' pods would read: "
                                + missing,
                        "see that spec.endpoints.in[].apply applies the file that the writers read");
    }

    private List<String> running() {
        List<String> running = new ArrayList<>();
        world.writers().askedToRun().forEach(w -> running.add(w + " is set to run"));
        world.writers().pods().forEach(p -> running.add("pod " + p + " is still there"));
        return running;
    }

    private int stopAgain(StepContext context, int stops) {
        List<String> asked = world.writers().askedToRun();
        if (asked.isEmpty()) {
            return stops;
        }
        if (stops == STOPS) {
            throw new SwitchbackException(
                    Code.WRITERS_NOT_STOPPED,
                    world.migration().namespace(),
                    "somebody starts the writers again and again while they are switched: "
                            + String.join(", ", asked),
                    "suspend the autoscaler or GitOps controller that does, and run the same command again");
        }
        context.note("applying started writers again, stopping them: " + String.join(", ", asked));
        world.writers().stop();
        return stops + 1;
    }

    private void awaitStopped(StepContext context) throws InterruptedException {
        Duration budget = world.migration().budgets().stopWriters();
        Instant deadline = Instant.now().plus(budget);
        int stops = 0;
        for (int quiet = 0; quiet < QUIET_LOOKS; ) {
            stops = stopAgain(context, stops);
            List<String> pods = running();
            quiet = pods.isEmpty() ? quiet + 1 : 0;
            if (Instant.now().isAfter(deadline)) {
                throw new SwitchbackException(
                        Code.WRITERS_NOT_STOPPED,
                        world.migration().namespace(),
                        "applying the files started writers that are not gone after "
                                + budget.toSeconds()
                                + " s: "
                                + String.join(", ", pods),
                        "leave replicas out of the manifests that spec.endpoints.in[].apply applies");
            }
            context.checkpoint();
            Thread.sleep(BETWEEN_LOOKS);
        }
    }
}
