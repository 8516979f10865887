package dev.switchback.notify;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.pg.Secret;
import dev.switchback.spec.Given;
import dev.switchback.spec.HttpCall;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Delivers over HTTP: certificates are verified, redirects are not followed (they would carry a
 * secret on), each try has its time, and what failed in a way that may pass is tried again.
 *
 * <p>No URL, header or value of a Secret is in what it returns or throws.
 */
final class Courier {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int WORDS_LIMIT = 200;

    private final Kube kube;
    private final String namespace;

    /**
     * @param namespace of the Secrets that the document names
     */
    Courier(Kube kube, String namespace) {
        this.kube = kube;
        this.namespace = namespace;
    }

    /** What is sent with a call; read from the Secrets each time, so that a mended one is used. */
    private record Resolved(HttpRequest request, List<String> hidden) {}

    /** A try that failed, and whether another may go better. */
    private record Failure(String words, boolean mayPass, Duration pause) {}

    /**
     * @param code of the problem when it is not delivered
     * @param object what is called, for messages; no URL
     * @return how it went: {@code 200 at the first try}
     * @throws SwitchbackException with {@code code}
     */
    String deliver(
            HttpCall call, String body, Duration timeout, int retries, Code code, String object)
            throws InterruptedException {
        Resolved resolved = resolve(call, body, timeout, code, object);
        for (int tries = 1; ; tries++) {
            Failure failure;
            try (HttpClient client = client()) {
                HttpResponse<String> answer =
                        client.send(resolved.request(), BodyHandlers.ofString());
                if (answer.statusCode() / 100 == 2) {
                    return answer.statusCode()
                            + (tries == 1 ? " at the first try" : " after " + tries + " tries");
                }
                failure = refused(answer, resolved.hidden(), tries);
            } catch (IOException e) {
                failure = new Failure(words(e, timeout), true, pause(tries));
            }
            if (!failure.mayPass() || tries > retries) {
                String what =
                        hide(failure.words(), resolved.hidden())
                                + (tries == 1 ? "" : ", after " + tries + " tries");
                throw new SwitchbackException(
                        code, object, "was not delivered: " + what, "see docs/tell.md");
            }
            Thread.sleep(failure.pause());
        }
    }

    /**
     * What a call is made of is there: Secrets have their keys, the URL is one.
     *
     * @return the host that would be called
     * @throws SwitchbackException with {@code code} what is missing, without its value
     */
    String host(HttpCall call, Code code, String object) {
        return resolve(call, "", Duration.ofSeconds(1), code, object).request().uri().getHost();
    }

    private Resolved resolve(
            HttpCall call, String body, Duration timeout, Code code, String object) {
        List<String> hidden = new ArrayList<>();
        String url = value(call.url(), code, object).strip();
        Optional<String> wrong = HttpCall.problem(url);
        if (wrong.isPresent()) {
            throw new SwitchbackException(
                    code,
                    object,
                    "the URL in " + call.url().place() + " " + wrong.get(),
                    "write an http or https URL there");
        }
        URI uri = URI.create(url);
        if (call.url() instanceof Given.FromSecret) {
            hidden.add(url);
            neverTell(uri.getRawPath(), hidden);
            neverTell(uri.getRawQuery(), hidden);
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .timeout(timeout)
                        .header("Content-Type", "application/json")
                        .method(call.method(), BodyPublishers.ofString(body));
        call.headers()
                .forEach((name, given) -> {
                    String value = value(given, code, object).strip();
                    if (given instanceof Given.FromSecret) {
                        neverTell(value, hidden);
                    }
                    try {
                        request.setHeader(name, value);
                    } catch (IllegalArgumentException e) {
                        throw new SwitchbackException(
                                code,
                                object,
                                "the value of header "
                                        + name
                                        + " in "
                                        + given.place()
                                        + " cannot be sent in a header",
                                "write it on one line");
                    }
                });
        return new Resolved(request.build(), hidden);
    }

    private String value(Given given, Code code, String object) {
        return switch (given) {
            case Given.Text(String text) -> text;
            case Given.FromSecret(String name, String key) ->
                    kube.get(Kind.SECRET, namespace, name)
                            .flatMap(s -> s.secret(key))
                            .map(Secret::reveal)
                            .orElseThrow(() ->
                                    new SwitchbackException(
                                            code,
                                            object,
                                            "there is no Secret "
                                                    + namespace
                                                    + "/"
                                                    + name
                                                    + " with the key "
                                                    + key,
                                            "create it, or correct the document"));
        };
    }

    private static void neverTell(@Nullable String part, List<String> hidden) {
        if (part != null && part.length() > 1) {
            hidden.add(part);
        }
    }

    private static String hide(String words, List<String> hidden) {
        String text = words;
        for (String secret : hidden) {
            text = text.replace(secret, "***");
        }
        return text;
    }

    private static Failure refused(HttpResponse<String> answer, List<String> hidden, int tries) {
        int status = answer.statusCode();
        // before it is cut: half a secret is one, too
        String body = hide(answer.body().strip().replaceAll("\\s+", " "), hidden);
        String words =
                "answered "
                        + status
                        + (body.isEmpty()
                                ? ""
                                : ": " + body.substring(0, Math.min(body.length(), WORDS_LIMIT)));
        Duration pause =
                answer.headers()
                        .firstValue("Retry-After")
                        .filter(seconds -> seconds.matches("[0-9]{1,4}"))
                        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                        .filter(asked -> asked.compareTo(LONGEST_PAUSE) <= 0)
                        .orElseGet(() -> pause(tries));
        return new Failure(words, status == 429 || status >= 500, pause);
    }

    private static Duration pause(int tries) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries - 1, 4));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** The JDK's own messages of the first three are empty or name nothing. */
    private static String words(IOException e, Duration timeout) {
        return switch (e) {
            case HttpConnectTimeoutException none ->
                    "no connection within " + timeout.toSeconds() + " s";
            case HttpTimeoutException none -> "no answer within " + timeout.toSeconds() + " s";
            case ConnectException refused ->
                    unresolved(refused) ? "its host name cannot be resolved" : "connection refused";
            default ->
                    String.valueOf(
                            e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        };
    }

    private static boolean unresolved(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    /** One for each delivery: a connection kept for later is closed by then, unnoticed. */
    private static HttpClient client() {
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }
}
