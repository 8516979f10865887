package dev.switchback.steps;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.SwitchbackException;

/** A step of the check phase: it looks, writes nothing, and tells everything it found at once. */
public abstract class Check implements Step {
    protected final World world;
    private final String id;
    private final String title;
    private final Chapter chapter;

    protected Check(World world, Chapter chapter, String id, String title) {
        this.world = world;
        this.chapter = chapter;
        this.id = id;
        this.title = title;
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final String title() {
        return title;
    }

    public final Chapter chapter() {
        return chapter;
    }

    @Override
    public final boolean acts() {
        return false;
    }

    @Override
    public final Observation observe(StepContext context) throws Exception {
        Findings findings = new Findings(world.migration().overrides());
        try {
            look(context, findings);
        } catch (SwitchbackException e) {
            if (!findings.blocks()) {
                throw e;
            }
            // what was found before stays told; the rest could not be read
            e.problems().forEach(findings::unknown);
        }
        return findings.observation();
    }

    /**
     * Looks afresh, read-only.
     *
     * @throws Exception when the whole of it cannot be read; a part that cannot be read is {@link
     *     Findings#unknown}
     */
    protected abstract void look(StepContext context, Findings findings) throws Exception;
}
