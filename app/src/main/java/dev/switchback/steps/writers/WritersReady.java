package dev.switchback.steps.writers;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.steps.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Waits until the writers serve as captured; used where putting back must end with a service that
 * serves.
 */
final class WritersReady {
    private WritersReady() {}

    static void await(World world, Map<String, String> settings, StepContext context)
            throws InterruptedException {
        Duration budget = world.migration().budgets().startWriters();
        Instant deadline = Instant.now().plus(budget);
        List<String> waiting = world.writers().notServing(settings);
        while (!waiting.isEmpty()) {
            if (Instant.now().isAfter(deadline)) {
                throw new SwitchbackException(
                        Code.WRITERS_NOT_READY,
                        world.migration().namespace(),
                        "set to run as before, but not all ready within "
                                + budget.toSeconds()
                                + " s: "
                                + String.join("; ", waiting),
                        "kubectl get pods -n " + world.migration().namespace());
            }
            context.note(waiting.getFirst());
            Thread.sleep(200);
            waiting = world.writers().notServing(settings);
        }
    }
}
