package dev.switchback.engine;

import java.time.Duration;

/** Sets one fact of the toy world; what it does in each call can be replaced. */
final class ToyStep implements Step {
    interface Act {
        void run(StepContext context) throws Exception;
    }

    interface Look {
        Observation at(StepContext context) throws Exception;
    }

    private final ToyWorld world;
    private final String id;
    private final String fact;
    private final UndoAt undoAt;
    private boolean inDowntime;
    Look observe;
    Act apply;
    Act undo;

    ToyStep(ToyWorld world, String id, String fact, String value, UndoAt undoAt) {
        this.world = world;
        this.id = id;
        this.fact = fact;
        this.undoAt = undoAt;
        this.observe =
                c ->
                        world.get(fact).equals(value)
                                ? Observation.done(fact, value)
                                : Observation.todo(fact + " is " + world.get(fact));
        this.apply = c -> world.set(fact, value);
        this.undo = c -> world.set(fact, c.captured().require("was"));
    }

    ToyStep downtime() {
        inDowntime = true;
        return this;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return id;
    }

    @Override
    public boolean inDowntime() {
        return inDowntime;
    }

    @Override
    public UndoAt undoAt() {
        return undoAt;
    }

    @Override
    public Duration deadline() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        return observe.at(context);
    }

    @Override
    public Facts capture(StepContext context) {
        return Facts.of("was", world.get(fact));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        apply.run(context);
    }

    @Override
    public void undo(StepContext context) throws Exception {
        undo.run(context);
    }
}
