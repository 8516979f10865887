package dev.switchback.steps.validation;

import dev.switchback.copy.LargeObjects;
import dev.switchback.copy.SequenceState;
import dev.switchback.copy.Sequences;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import dev.switchback.spec.Migration;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sequences of the target against the data they number and against the source's positions; and
 * large objects.
 *
 * <p>A sequence may be ahead of the source's once the target is written. It may not be behind its
 * column, nor behind the source; nor ahead when its table was not written since: a server that
 * crashed skips at most 32 values.
 */
public final class ExamineSequences {
    private static final int CRASH_GAP = 32;

    private final World world;
    private final Cut cut;
    private final boolean frozen;

    public ExamineSequences(World world, Cut cut, boolean frozen) {
        this.world = world;
        this.cut = cut;
        this.frozen = frozen;
    }

    private record Owned(
            TableId sequence,
            long increment,
            long cache,
            TableId table,
            boolean cycles,
            String furthest) {}

    public Examined sequences() throws SQLException {
        List<Problem> problems = new ArrayList<>();
        int sequences = 0;
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, "validate"));
                    Connection target = Pg.open(world.target(database, "validate"))) {
                Map<TableId, Owned> owned = owned(target);
                Map<TableId, TableWrites> writes = TableWrites.read(target);
                Map<TableId, TableWrites> copied = TableWrites.read(source);
                Map<TableId, SequenceState> there = new HashMap<>();
                Sequences.read(source, world.exclusions()).forEach(s -> there.put(s.id(), s));
                for (SequenceState here : Sequences.read(target, world.exclusions())) {
                    sequences++;
                    String wrong = behind(target, owned.get(here.id()));
                    if (wrong.isEmpty() && cut != Cut.NONE) {
                        wrong =
                                compared(
                                        target,
                                        owned.get(here.id()),
                                        there.get(here.id()),
                                        here,
                                        writes,
                                        copied);
                    }
                    if (!wrong.isEmpty()) {
                        problems.add(
                                new Problem(
                                        Code.SEQUENCE_WRONG,
                                        world.target().display() + "/" + database,
                                        "sequence " + here.id() + " " + wrong,
                                        "SELECT setval(...) on the target to a value beyond both"));
                    }
                }
            }
        }
        return Examined.of(
                "sequences",
                sequences
                        + " sequences against their data"
                        + (cut == Cut.NONE ? "" : " and the source's positions"),
                problems,
                List.of());
    }

    private Map<TableId, Owned> owned(Connection target) throws SQLException {
        Map<TableId, Owned> owned = new HashMap<>();
        Sql.list(
                target,
                Sql.resource(ExamineSequences.class, "behind.sql"),
                row -> {
                    TableId id = new TableId(row.getString(1), row.getString(2));
                    return owned.put(
                            id,
                            new Owned(
                                    id,
                                    row.getLong(3),
                                    row.getLong(4),
                                    new TableId(row.getString(5), row.getString(6)),
                                    row.getBoolean(7),
                                    row.getString(8)));
                },
                world.exclusions().schemaArray(target));
        return owned;
    }

    /** A value given out again would collide with the row that has it. */
    private static String behind(Connection target, @Nullable Owned owned) throws SQLException {
        if (owned == null || owned.cycles) {
            return "";
        }
        // the column first: a sequence read after it cannot have fallen behind meanwhile
        String furthest = Sql.first(target, owned.furthest);
        if (furthest == null) {
            return "";
        }
        long last =
                Long.parseLong(Sql.one(target, "SELECT last_value FROM " + owned.sequence.sql()));
        long data = Long.parseLong(furthest);
        boolean behind = owned.increment > 0 ? last < data : last > data;
        return behind ? "is at " + last + ", behind " + data + " in " + owned.table : "";
    }

    private String compared(
            Connection target,
            @Nullable Owned owned,
            @Nullable SequenceState there,
            SequenceState here,
            Map<TableId, TableWrites> writes,
            Map<TableId, TableWrites> copied)
            throws SQLException {
        if (there == null || same(there, here)) {
            return "";
        }
        String words = "is at " + here.lastValue() + ", on the source at " + there.lastValue();
        long step =
                Long.parseLong(
                        Sql.one(
                                target,
                                "SELECT seqincrement FROM pg_sequence WHERE seqrelid = CAST(? AS regclass)",
                                here.id().sql()));
        long ahead = (here.lastValue() - there.lastValue()) / step;
        if (cut == Cut.QUIET || frozen) {
            // the gap that copy-sequences leaves is at least what a session may cache
            boolean asSet = gap() > 0 && ahead >= gap() && here.isCalled();
            return asSet ? "" : words;
        }
        if (ahead < 0) {
            return words + ": behind it";
        }
        if (owned == null || ahead <= CRASH_GAP * owned.cache + gap() + owned.cache) {
            return "";
        }
        TableWrites since = writes.getOrDefault(owned.table, TableWrites.NONE);
        long rows = Long.parseLong(Sql.one(target, "SELECT count(*) FROM " + owned.table.sql()));
        return since.onlyCopied(rows) && copied.containsKey(owned.table)
                ? words + ", though nothing was written to " + owned.table + " since the copy"
                : "";
    }

    /** How far beyond the source the cutover set the target's sequences. */
    private long gap() {
        return world.migration().strategy() == Migration.Strategy.ONLINE
                ? world.migration().online().sequenceGap()
                : 0;
    }

    private static boolean same(SequenceState there, SequenceState here) {
        return there.lastValue() == here.lastValue() && there.isCalled() == here.isCalled();
    }

    Examined largeObjects() throws SQLException {
        if (cut == Cut.NONE) {
            return Examined.notCompared(
                    "large-objects", "not compared: the source is being written");
        }
        List<Problem> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        long objects = 0;
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, "validate"));
                    Connection target = Pg.open(world.target(database, "validate"))) {
                LargeObjects.Digest there = LargeObjects.digest(source);
                LargeObjects.Digest here = LargeObjects.digest(target);
                objects += there.objects();
                if (Objects.equals(there, here)) {
                    continue;
                }
                String words =
                        "large objects differ: "
                                + there.objects()
                                + " on the source, "
                                + here.objects()
                                + " on the target";
                if (cut == Cut.QUIET || frozen) {
                    problems.add(
                            new Problem(
                                    Code.CONTENT_DIFFERS,
                                    world.target().display() + "/" + database,
                                    words,
                                    "compare pg_largeobject_metadata of both sides"));
                } else {
                    notes.add(words + "; written since the switch, not judged");
                }
            }
        }
        return Examined.of("large-objects", objects + " large objects compared", problems, notes);
    }
}
