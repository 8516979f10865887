package dev.switchback.steps.timing;

import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.StepContext;
import dev.switchback.estimate.Prediction;
import dev.switchback.estimate.Span;
import dev.switchback.spec.Window;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The predicted cutover fits the document's window. Without a window nothing is predicted here:
 * nobody asked for a bound.
 */
public final class CheckWindow extends Check {
    private final Supplier<Runbook> runbook;

    /**
     * @param runbook the one that this check stands in
     */
    public CheckWindow(World world, Supplier<Runbook> runbook) {
        super(
                world,
                Chapter.TIMING,
                "check-window",
                "Check that the predicted cutover fits the window");
        this.runbook = runbook;
    }

    @Override
    protected void look(StepContext context, Findings findings) {
        Optional<Window> window = world.migration().window();
        if (window.isEmpty()) {
            findings.saw("window", "none in the document");
            return;
        }
        Optional<Instant> at =
                world.migration().cutoverAt().filter(t -> t.isAfter(world.clock().instant()));
        Runbook book = runbook.get();
        Prediction prediction = Forecast.of(world, book);
        judge(
                new WindowFit(window.get(), cutover(book, prediction)),
                prediction.rates().basis(),
                LocalDateTime.ofInstant(
                        at.orElseGet(() -> world.clock().instant()), ZoneOffset.UTC),
                at.isPresent(),
                findings);
    }

    /** The predicted length of the cutover: from the first writer stopped to the last probe. */
    public static Span cutover(Runbook runbook, Prediction prediction) {
        return runbook.entries().stream()
                .filter(e -> e.phase() == Phase.CUTOVER)
                .map(e -> prediction.step(e.step().id()).orElse(Span.NONE))
                .reduce(Span.NONE, Span::plus);
    }

    /**
     * @param begin when the cutover begins, UTC
     * @param declared whether the document says so; else it is now, and the gate before the cutover
     *     looks again
     */
    static void judge(
            WindowFit fit, String basis, LocalDateTime begin, boolean declared, Findings findings) {
        findings.saw("window", fit.words());
        findings.saw("cutover", fit.cutover().words() + ", " + basis);
        fit.length(basis).ifPresent(findings::block);
        fit.time(begin).forEach(declared ? findings::block : findings::warn);
    }
}
