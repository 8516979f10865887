package dev.switchback.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The rights Switchback needs, as one Role manifest, and whether we have them. */
public final class Access {
    private static final int AT_A_TIME = 8;

    private Access() {}

    /** The Role to grant, as YAML. */
    public static String role() {
        return resource("role.yaml");
    }

    /**
     * The same with the rights that {@code cleanup} needs beside: to delete. A migration does not
     * need them.
     */
    public static String roleForCleanup() {
        return role() + resource("cleanup-role.yaml");
    }

    private static String resource(String name) {
        try (InputStream in = Access.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One right of the Role. */
    record Right(String verb, String group, String resource) {
        String kind() {
            return resource.replaceFirst("/.*", "");
        }

        String subresource() {
            return resource.contains("/") ? resource.replaceFirst(".*?/", "") : "";
        }
    }

    /**
     * Every right of the Role that the API server says we lack in this namespace; asked several at
     * a time, because there are many.
     */
    public static List<Problem> missing(Kube kube, String namespace) {
        return missing(kube, namespace, rights(), "--role");
    }

    /**
     * The same of what {@code cleanup} needs beside.
     *
     * @param deletesSource whether the source's object is deleted, too
     */
    public static List<Problem> missingForCleanup(
            Kube kube, String namespace, boolean deletesSource) {
        List<Right> more = rightsOfCleanup();
        more.removeIf(r -> !deletesSource && r.group().equals("acid.zalan.do"));
        return missing(kube, namespace, more, "--role --cleanup");
    }

    private static List<Problem> missing(
            Kube kube, String namespace, List<Right> wanted, String option) {
        List<Callable<Optional<Problem>>> questions = new ArrayList<>();
        for (Right right : wanted) {
            questions.add(() ->
                    kube.allowed(
                                    right.verb(),
                                    right.group(),
                                    right.kind(),
                                    right.subresource(),
                                    namespace)
                            ? Optional.empty()
                            : Optional.of(problem(right, namespace, option)));
        }
        List<Problem> problems = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory())) {
            for (Future<Optional<Problem>> answer : threads.invokeAll(questions)) {
                answer.get().ifPresent(problems::add);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SwitchbackException ours) {
                throw ours;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SwitchbackException(
                    Code.INTERRUPTED, namespace, "interrupted", "run it again");
        }
        return problems;
    }

    private static Problem problem(Right right, String namespace, String option) {
        return new Problem(
                Code.KUBE_FORBIDDEN,
                namespace + " " + right.resource(),
                "we may not "
                        + right.verb()
                        + " "
                        + right.resource()
                        + (right.group().isEmpty() ? "" : " of " + right.group()),
                "grant the Role that 'switchback init " + option + "' prints",
                "the run would fail when it needs it, in the middle of the downtime perhaps");
    }

    /** What {@code cleanup} needs beside the Role. */
    static List<Right> rightsOfCleanup() {
        List<Right> more = new ArrayList<>(rights(roleForCleanup()));
        more.removeAll(rights());
        return more;
    }

    /** Every right of the Role, verb by verb. */
    static List<Right> rights() {
        return rights(role());
    }

    private static List<Right> rights(String manifest) {
        List<Right> rights = new ArrayList<>();
        for (JsonNode rule : rules(manifest)) {
            for (JsonNode group : rule.path("apiGroups")) {
                for (JsonNode resource : rule.path("resources")) {
                    for (JsonNode verb : rule.path("verbs")) {
                        rights.add(new Right(verb.asText(), group.asText(), resource.asText()));
                    }
                }
            }
        }
        return rights;
    }

    private static JsonNode rules(String manifest) {
        try {
            return new ObjectMapper(new YAMLFactory()).readTree(manifest).path("rules");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
