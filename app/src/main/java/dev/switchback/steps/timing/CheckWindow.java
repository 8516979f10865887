package dev.switchback.steps.timing;

import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.StepContext;
import dev.switchback.estimate.Prediction;
import dev.switchback.estimate.Span;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.spec.Window;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The predicted cutover fits the document's window. Without a window nothing is predicted here:
 * nobody asked for a bound.
 */
public final class CheckWindow extends Check {
    private static final String OBJECT = "spec.window";

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
        Runbook book = runbook.get();
        Prediction prediction = Forecast.of(world, book);
        judge(
                new WindowFit(window.get(), cutover(book, prediction)),
                prediction.rates().basis(),
                LocalDateTime.now(ZoneOffset.UTC),
                findings);
    }

    /** The predicted length of the cutover: from the first writer stopped to the last probe. */
    public static Span cutover(Runbook runbook, Prediction prediction) {
        return runbook.entries().stream()
                .filter(e -> e.phase() == Phase.CUTOVER)
                .map(e -> prediction.step(e.step().id()).orElse(Span.NONE))
                .reduce(Span.NONE, Span::plus);
    }

    static void judge(WindowFit fit, String basis, LocalDateTime now, Findings findings) {
        findings.saw("window", fit.words());
        findings.saw("cutover", fit.cutover().words() + ", " + basis);
        if (!fit.fits()) {
            findings.block(
                    new Problem(
                            Code.WINDOW_TOO_SHORT,
                            OBJECT,
                            "the cutover is predicted at "
                                    + fit.cutover().words()
                                    + ", rates "
                                    + basis
                                    + "; the window is "
                                    + fit.words(),
                            "lengthen spec.window.utc or raise spec.window.maxLength; 'switchback plan' shows which step takes longest",
                            "a cutover that outlasts its window is stopped service that nobody was told of"));
        }
        Optional<Duration> open = fit.openFor(now);
        if (open.isEmpty()) {
            findings.warn(
                    closed(fit, "is not open now", "run migrate in it, --until prepare before it"));
        } else if (fit.cutover().high() > open.get().toSeconds()) {
            findings.warn(
                    closed(
                            fit,
                            "closes in "
                                    + Span.words(open.get())
                                    + ", the cutover may take "
                                    + Span.words(fit.cutover().high()),
                            "begin it earlier in the window"));
        }
    }

    private static Problem closed(WindowFit fit, String what, String remedy) {
        return new Problem(
                Code.WINDOW_CLOSED,
                OBJECT,
                "the window " + fit.words() + " " + what,
                remedy,
                "users were told when the service stops");
    }
}
