package dev.switchback.runbook;

import dev.switchback.engine.Gate;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.StepContext;
import dev.switchback.estimate.Prediction;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.spec.Window;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.steps.timing.CheckWindow;
import dev.switchback.steps.timing.Forecast;
import dev.switchback.steps.timing.WindowFit;
import dev.switchback.steps.writers.StopWriters;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A cutover begins only when it is predicted to end inside the document's window: predicted afresh,
 * right before the writers are stopped. What the document overrides by name does not hold it.
 */
final class WindowGate implements Gate {
    private final World world;
    private final Window window;
    private final Supplier<Runbook> runbook;

    /**
     * @param runbook the one whose cutover it holds
     */
    WindowGate(World world, Window window, Supplier<Runbook> runbook) {
        this.world = world;
        this.window = window;
        this.runbook = runbook;
    }

    @Override
    public String id() {
        return "window";
    }

    @Override
    public String before() {
        return StopWriters.ID;
    }

    @Override
    public Optional<String> closedBecause(StepContext context) {
        Runbook book = runbook.get();
        Prediction prediction;
        try {
            prediction = Forecast.of(world, book);
        } catch (SwitchbackException e) {
            return Optional.of("the cutover cannot be predicted: " + e.problem().line());
        }
        WindowFit fit = new WindowFit(window, CheckWindow.cutover(book, prediction));
        LocalDateTime now = LocalDateTime.ofInstant(world.clock().instant(), ZoneOffset.UTC);
        Findings findings = new Findings(world.migration().overrides());
        fit.against(prediction.rates().basis(), now).forEach(findings::block);
        return switch (findings.observation()) {
            case Observation.Impossible blocked ->
                    Optional.of(
                            blocked.problems().stream()
                                            .map(Problem::line)
                                            .collect(Collectors.joining("; "))
                                    + "; or accept it by its code in spec.overrides");
            case Observation.Done fine -> {
                fine.findings().forEach(f -> context.note(f.problem().line()));
                yield Optional.empty();
            }
            case Observation.Todo todo -> throw new IllegalStateException(todo.why());
        };
    }
}
