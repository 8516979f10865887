package dev.switchback.steps.probe;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.spec.Probes.Http;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the applications over HTTP whether they serve. Each URL is tried again until it answers what
 * is expected or the budget is over; one try takes no longer than its timeout, whole answer
 * included. Certificates are verified; a redirect is an answer and is not followed.
 */
final class HttpProbe {
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

    private final List<Http> probes;
    private final Duration budget;

    /**
     * @param budget for all of them together
     */
    HttpProbe(List<Http> probes, Duration budget) {
        this.probes = probes;
        this.budget = budget;
    }

    /**
     * @param proven gets one line for each that answered as expected
     * @return one problem for each that did not within the budget, with its last answer
     */
    List<Problem> ask(StepContext context, List<String> proven) throws InterruptedException {
        Instant deadline = Instant.now().plus(budget);
        List<Problem> problems = new ArrayList<>();
        for (Http probe : probes) {
            String answer = tryUntil(deadline, probe, context);
            if (answer.isEmpty()) {
                proven.add(probe.url() + " answered " + probe.expect());
            } else {
                problems.add(
                        new Problem(
                                Code.PROBE_HTTP,
                                probe.url().toString(),
                                answer
                                        + "; expected "
                                        + probe.expect()
                                        + ", tried for "
                                        + budget.toSeconds()
                                        + " s (budgets.startWriters)",
                                "the writers run on the target and nothing was put back: look at their logs,"
                                        + " mend it and run migrate again, or go back with 'switchback rollback'"));
            }
        }
        return problems;
    }

    /** The last wrong answer, or empty; at least one try. */
    private static String tryUntil(Instant deadline, Http probe, StepContext context)
            throws InterruptedException {
        String told = "";
        while (true) {
            context.checkpoint();
            String answer = once(probe);
            if (answer.isEmpty() || Instant.now().plus(BETWEEN_TRIES).isAfter(deadline)) {
                return answer;
            }
            if (!answer.equals(told)) {
                context.note(probe.url() + " " + answer + "; trying again");
                told = answer;
            }
            Thread.sleep(BETWEEN_TRIES);
        }
    }

    /** What is wrong with one answer; a client of its own, so that nothing outlives the try. */
    private static String once(Http probe) throws InterruptedException {
        HttpClient client =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(probe.timeout())
                        .build();
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(probe.url())
                            .timeout(probe.timeout())
                            .header("User-Agent", "switchback")
                            .GET()
                            .build();
            CompletableFuture<HttpResponse<Void>> answer =
                    client.sendAsync(request, BodyHandlers.discarding());
            int status = answer.get(probe.timeout().toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return status == probe.expect() ? "" : "answered " + status;
        } catch (TimeoutException e) {
            return hangs(probe);
        } catch (ExecutionException e) {
            return e.getCause() instanceof java.net.http.HttpTimeoutException
                    ? hangs(probe)
                    : words(e.getCause());
        } finally {
            client.shutdownNow();
        }
    }

    private static String hangs(Http probe) {
        return "hangs: no whole answer within " + probe.timeout().toMillis() + " ms";
    }

    /** Causes included: a certificate that is refused is told in the innermost one only. */
    private static String words(@org.jspecify.annotations.Nullable Throwable cause) {
        StringBuilder words = new StringBuilder("could not be asked");
        for (Throwable t = cause; t != null; t = t.getCause()) {
            String message = t.getMessage();
            String told = message == null ? t.getClass().getSimpleName() : message;
            if (words.indexOf(told) < 0) {
                words.append(": ").append(told);
            }
        }
        return words.toString();
    }
}
