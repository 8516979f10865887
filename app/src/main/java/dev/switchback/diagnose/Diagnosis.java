package dev.switchback.diagnose;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.runbook.Stage;
import dev.switchback.steps.World;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What was found.
 *
 * @param symptoms what was asked for
 * @param found the surest first
 */
public record Diagnosis(Instant at, Set<Symptom> symptoms, List<Found> found, Evidence evidence) {

    /** After which a look that hangs is given up; every query in it has a limit of its own. */
    private static final long PATIENCE_SECONDS = 180;

    /**
     * Looks, and holds what was seen against the table of causes.
     *
     * <ol>
     *   <li>Secrets are learned first, so that nothing enters the evidence with one in it.
     *   <li>Every look that a symptom needs is taken, side by side; one that fails or hangs is a
     *       gap.
     *   <li>Rules see the evidence only.
     *   <li>The surest causes come first, then in the order of the table.
     * </ol>
     */
    public static Diagnosis of(Stage stage, Set<Symptom> symptoms, Instant now)
            throws InterruptedException {
        World world = stage.world();
        Situation situation = new Situation(world.migration(), stage.state(), now);
        Evidence evidence = new Evidence(situation, new Redactor());
        learn(world, evidence);
        look(looks(stage, symptoms), world, evidence);
        return new Diagnosis(
                now, EnumSet.copyOf(symptoms), Causes.in(evidence, symptoms), evidence);
    }

    /** What a rule's evidence rests on and could not be read. */
    public List<Unread> gaps() {
        return evidence.gaps().stream().filter(Unread::needed).toList();
    }

    private static List<Look> looks(Stage stage, Set<Symptom> symptoms) {
        return List.<Look>of(
                        new JournalLook(),
                        new ObjectLook(),
                        new PodLook(),
                        new EventLook(),
                        new LogLook(),
                        new ServerLook(),
                        new CheckLook(stage),
                        new EndpointLook(),
                        new CertificateLook(),
                        new LoginLook(),
                        new DataLook(),
                        new ActivityLook(),
                        new ComparisonLook())
                .stream()
                .filter(look -> look.symptoms().stream().anyMatch(symptoms::contains))
                .toList();
    }

    private static void learn(World world, Evidence evidence) throws InterruptedException {
        Redactor redactor = evidence.redactor();
        redactor.open(evidence.situation().names());
        Map<Kube, Set<String>> namespaces = new LinkedHashMap<>();
        namespaces
                .computeIfAbsent(world.kube(), k -> new java.util.TreeSet<>())
                .addAll(List.of(world.source().namespace(), world.migration().namespace()));
        namespaces
                .computeIfAbsent(world.targetKube(), k -> new java.util.TreeSet<>())
                .add(world.target().namespace());
        for (Map.Entry<Kube, Set<String>> server : namespaces.entrySet()) {
            for (String namespace : server.getValue()) {
                boolean known =
                        evidence.tried(
                                        "Secrets of " + namespace,
                                        () -> {
                                            redactor.learn(
                                                    server.getKey()
                                                            .list(
                                                                    Kind.SECRET,
                                                                    namespace,
                                                                    Map.of()));
                                            return true;
                                        })
                                .isPresent();
                if (!known) {
                    redactor.blinded();
                }
                evidence.tried(
                        "variables of the pods of " + namespace,
                        () -> {
                            for (var pod : server.getKey().list(Kind.POD, namespace, Map.of())) {
                                for (var container : pod.spec().path("containers")) {
                                    for (var variable : container.path("env")) {
                                        redactor.learnVariable(
                                                variable.path("name").asText(),
                                                Secret.of(variable.path("value").asText("")));
                                    }
                                }
                            }
                            return true;
                        });
            }
        }
    }

    private static void look(List<Look> looks, World world, Evidence evidence)
            throws InterruptedException {
        Map<Look, Future<?>> taken = new LinkedHashMap<>();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            for (Look look : looks) {
                taken.put(
                        look,
                        threads.submit(() -> {
                            look.take(world, evidence);
                            return look.name();
                        }));
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            for (Map.Entry<Look, Future<?>> entry : taken.entrySet()) {
                await(entry.getKey(), entry.getValue(), end, evidence);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(Look look, Future<?> taken, long end, Evidence evidence)
            throws InterruptedException {
        try {
            taken.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            evidence.unread(look.name(), "did not end within " + PATIENCE_SECONDS + " s");
        } catch (ExecutionException e) {
            evidence.unread(look.name(), words(e.getCause()));
        }
    }

    private static String words(@Nullable Throwable cause) {
        return switch (cause) {
            case SwitchbackException ours when ours.code() == Code.INTERRUPTED -> "interrupted";
            case SwitchbackException ours -> ours.problem().line();
            case SQLException sql -> Pg.words(sql);
            case null -> "unknown";
            default -> cause.getClass().getSimpleName() + ": " + cause.getMessage();
        };
    }
}
