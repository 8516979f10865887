package dev.switchback.steps.slots;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Observation.Done;
import dev.switchback.engine.Observation.Todo;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.lab.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One step outside a run: observe, capture, apply, observe until done; undo from the capture. */
final class StepRun implements StepContext {
    final List<String> notes = new ArrayList<>();
    private final Step step;
    private final Map<String, Facts> evidence;
    private Facts captured = Facts.NONE;
    private Facts said = Facts.NONE;

    StepRun(Step step, Map<String, Facts> evidence) {
        this.step = step;
        this.evidence = evidence;
    }

    Facts forward() throws Exception {
        assertThat(step.observe(this)).isInstanceOf(Todo.class);
        captured = step.capture(this);
        step.apply(this);
        AtomicReference<Observation> last = new AtomicReference<>(Observation.todo("not looked"));
        try {
            Await.until(
                    step.id() + " is done",
                    step.deadline(),
                    () -> {
                        Thread.sleep(300);
                        last.set(look());
                        return last.get() instanceof Done;
                    });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", last: " + last.get(), e);
        }
        return said.with(((Done) last.get()).evidence());
    }

    /** As the engine takes it: what cannot be read is not there yet. */
    private Observation look() throws Exception {
        try {
            return step.observe(this);
        } catch (dev.switchback.fault.SwitchbackException e) {
            return Observation.todo("cannot be read: " + e.getMessage());
        }
    }

    Observation observe() throws Exception {
        return step.observe(this);
    }

    void undo() throws Exception {
        step.undo(this);
    }

    @Override
    public String runId() {
        return "testrun1";
    }

    @Override
    public String migrationUid() {
        return "0f0e0d0c-0000-4000-8000-000000000000";
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public Facts captured() {
        return captured;
    }

    @Override
    public Optional<Facts> evidenceOf(String stepId) {
        return Optional.ofNullable(evidence.get(stepId));
    }

    @Override
    public void evidence(Facts facts) {
        said = said.with(facts);
    }

    @Override
    public void note(String text) {
        notes.add(text);
    }

    @Override
    public void checkpoint() {}

    @Override
    public AutoCloseable onStop(Runnable hook) {
        return () -> {};
    }
}
