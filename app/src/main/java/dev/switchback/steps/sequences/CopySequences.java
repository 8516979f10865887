package dev.switchback.steps.sequences;

import dev.switchback.copy.SequenceState;
import dev.switchback.copy.Sequences;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.List;

/** Sets every sequence to the source's exact state, {@code is_called} included. */
public final class CopySequences implements Step {
    private final World world;

    public CopySequences(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "copy-sequences";
    }

    @Override
    public String title() {
        return "Set every sequence";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        int sequences = 0;
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()));
                    Connection target = Pg.open(world.target(database, id()))) {
                List<SequenceState> wanted = Sequences.read(source, world.exclusions());
                List<String> differences =
                        Sequences.differences(wanted, Sequences.read(target, world.exclusions()));
                if (!differences.isEmpty()) {
                    return Observation.todo(database + ": " + differences.getFirst());
                }
                sequences += wanted.size();
            }
        }
        return Observation.done("sequences", String.valueOf(sequences));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()));
                    Connection target = Pg.open(world.target(database, id()))) {
                Sequences.apply(
                        target, world.exclusions(), Sequences.read(source, world.exclusions()));
            }
        }
    }
}
