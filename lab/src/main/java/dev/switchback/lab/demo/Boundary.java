package dev.switchback.lab.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.lab.kube.Interceptor;
import dev.switchback.lab.kube.Mutation;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A point of the journal at which the program is killed, as the plan names it: {@code
 * <step>:intent} and {@code <step>:done} are durable but unanswered, {@code <step>:applied} is
 * acted but not journalled.
 */
public final class Boundary implements Interceptor {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JOURNAL = "switchback-mastodon";

    private final String step;
    private final String point;
    private final Runnable kill;
    private final AtomicBoolean reached = new AtomicBoolean();

    public Boundary(String name, Runnable kill) {
        String[] parts = name.split(":", 2);
        this.step = parts[0];
        this.point = parts[1];
        this.kill = kill;
    }

    public boolean reached() {
        return reached.get();
    }

    @Override
    public Verdict before(Mutation mutation) {
        if (reached.get() || !mutation.touches("configmaps", JOURNAL)) {
            return Verdict.PROCEED;
        }
        String state = state(mutation.body());
        boolean here = point.equals("intent") ? state.equals("INTENT") : state.equals("DONE");
        if (!here || !reached.compareAndSet(false, true)) {
            return Verdict.PROCEED;
        }
        if (point.equals("applied")) {
            kill.run();
            return Verdict.DROP;
        }
        return Verdict.persistThen(kill);
    }

    private String state(String body) {
        try {
            JsonNode document =
                    JSON.readTree(
                            JSON.readTree(body).path("data").path("journal.json").asText("{}"));
            for (JsonNode record : document.path("steps")) {
                if (record.path("id").asText().equals(step)) {
                    return record.path("state").asText();
                }
            }
            return "";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the journal's ConfigMap is not JSON", e);
        }
    }
}
