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
        try (InputStream in = Access.class.getResourceAsStream("role.yaml")) {
            if (in == null) {
                throw new IllegalStateException("role.yaml is not in the jar");
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
        List<Callable<Optional<Problem>>> questions = new ArrayList<>();
        for (Right right : rights()) {
            questions.add(() ->
                    kube.allowed(
                                    right.verb(),
                                    right.group(),
                                    right.kind(),
                                    right.subresource(),
                                    namespace)
                            ? Optional.empty()
                            : Optional.of(problem(right, namespace)));
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

    private static Problem problem(Right right, String namespace) {
        return new Problem(
                Code.KUBE_FORBIDDEN,
                namespace + " " + right.resource(),
                "we may not "
                        + right.verb()
                        + " "
                        + right.resource()
                        + (right.group().isEmpty() ? "" : " of " + right.group()),
                "grant the Role that 'switchback init --role' prints",
                "the run would fail when it needs it, in the middle of the downtime perhaps");
    }

    /** Every right of the Role, verb by verb. */
    static List<Right> rights() {
        List<Right> rights = new ArrayList<>();
        for (JsonNode rule : rules()) {
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

    private static JsonNode rules() {
        try {
            return new ObjectMapper(new YAMLFactory()).readTree(role()).path("rules");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
