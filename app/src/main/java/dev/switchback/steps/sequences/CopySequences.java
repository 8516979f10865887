package dev.switchback.steps.sequences;

import dev.switchback.copy.SequenceGap;
import dev.switchback.copy.SequenceState;
import dev.switchback.copy.Sequences;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.steps.Course;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Sets every sequence to the exact state of the side that was written last, {@code is_called}
 * included, or a gap beyond it where both sides have lived side by side.
 */
public final class CopySequences implements Step {
    private final World world;
    private final Course course;
    private final long gap;

    private CopySequences(World world, Course course, long gap) {
        this.world = world;
        this.course = course;
        this.gap = gap;
    }

    /** The target's exactly as the source's. */
    public static CopySequences exactly(World world) {
        return new CopySequences(world, Course.FORTH, 0);
    }

    /** The target's a gap beyond the source's. */
    public static CopySequences beyond(World world) {
        return new CopySequences(world, Course.FORTH, world.migration().online().sequenceGap());
    }

    /** On the way back: the source's a gap beyond the target's. */
    public static CopySequences back(World world) {
        return new CopySequences(world, Course.BACK, world.migration().online().sequenceGap());
    }

    @Override
    public String id() {
        return course.id("copy-sequences", "return-sequences");
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
        if (gap > 0 && !context.underWay(id())) {
            // nobody but us puts a gap between the sides: the look would cost the pause two logins
            return Observation.todo("not set a gap beyond the other side's yet");
        }
        int sequences = 0;
        for (String database : world.databases()) {
            try (Connection from = Pg.open(course.from(world, database, id()));
                    Connection to = Pg.open(course.to(world, database, id()))) {
                List<SequenceState> wanted = wanted(from);
                List<String> differences =
                        Sequences.differences(wanted, Sequences.read(to, world.exclusions()));
                if (!differences.isEmpty()) {
                    return Observation.todo(database + ": " + differences.getFirst());
                }
                sequences += wanted.size();
            }
        }
        return Observation.done("sequences", String.valueOf(sequences), "gap", String.valueOf(gap));
    }

    private List<SequenceState> wanted(Connection from) throws SQLException {
        return SequenceGap.beyond(from, Sequences.read(from, world.exclusions()), gap);
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (String database : world.databases()) {
            try (Connection from = Pg.open(course.from(world, database, id()));
                    Connection to = Pg.open(course.to(world, database, id()))) {
                Sequences.apply(to, world.exclusions(), wanted(from));
            }
        }
    }
}
