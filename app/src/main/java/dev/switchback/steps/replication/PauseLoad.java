package dev.switchback.steps.replication;

import dev.switchback.estimate.Rates;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Online;
import dev.switchback.steps.Findings;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one database must have carried by other means than replication while nobody writes.
 *
 * @param unlogged tables whose changes are in no WAL
 * @param objects large objects
 * @param views materialized views that hold rows
 * @param generated tables with generated columns; nothing to carry
 */
record PauseLoad(Part unlogged, Part objects, Part views, Part generated)
        implements Comparable<PauseLoad> {
    private static final double MIB = 1024.0 * 1024;

    /**
     * @param bytes on the source's disk, dead rows included
     * @param names the largest five; of large objects their owners
     */
    record Part(long count, long bytes, String names) {}

    static PauseLoad of(Connection source, Exclusions exclusions) throws SQLException {
        Array schemas = exclusions.schemaArray(source);
        Map<String, Part> parts =
                Sql.list(
                                source,
                                Sql.resource(PauseLoad.class, "amounts.sql"),
                                row ->
                                        Map.entry(
                                                row.getString(1),
                                                new Part(
                                                        row.getLong(2),
                                                        row.getLong(3),
                                                        row.getString(4))),
                                schemas,
                                schemas)
                        .stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Function<String, Part> part =
                name -> {
                    Part found = parts.get(name);
                    if (found == null) {
                        throw new IllegalStateException("amounts.sql lacks " + name);
                    }
                    return found;
                };
        return new PauseLoad(
                part.apply("unlogged"),
                part.apply("objects"),
                part.apply("views"),
                part.apply("generated"));
    }

    boolean isEmpty() {
        return unlogged.count() + objects.count() + views.count() == 0;
    }

    private long bytes() {
        return unlogged.bytes() + objects.bytes() + views.bytes();
    }

    @Override
    public int compareTo(PauseLoad other) {
        return Long.compare(bytes(), other.bytes());
    }

    void tell(String database, Rates rates, Online decided, Findings findings) {
        if (generated.count() > 0) {
            findings.saw(
                    database + ".generatedColumns",
                    "computed anew on the target: " + generated.names());
        }
        if (unlogged.count() > 0) {
            told(
                    findings,
                    decided.unlogged(),
                    problem(
                            database + " unlogged tables",
                            unlogged.count()
                                    + " unlogged table(s), "
                                    + mib(unlogged)
                                    + ", the largest "
                                    + unlogged.names()
                                    + ": copied whole inside the write pause, "
                                    + time(unlogged, rates.copy(), rates),
                            "TRUNCATE what may be lost, or ALTER TABLE … SET LOGGED before the migration:"
                                    + " then it is replicated; or take the longer pause",
                            "their changes are in no WAL, so that no replication carries them"));
        }
        if (objects.count() > 0) {
            told(
                    findings,
                    decided.largeObjects(),
                    problem(
                            database + " large objects",
                            objects.count()
                                    + " large object(s) of "
                                    + objects.names()
                                    + ", "
                                    + mib(objects)
                                    + ": compared by digest inside the write pause, "
                                    + time(objects, rates.hash(), rates)
                                    + ", and what changed since the first copy is copied again",
                            "vacuumlo "
                                    + database
                                    + " removes those that no row names; or take the longer pause",
                            "large objects are not replicated, and nothing tells when one was changed"));
        }
        if (views.count() > 0) {
            findings.warn(
                    problem(
                            database + " materialized views",
                            views.count()
                                    + " materialized view(s), "
                                    + mib(views)
                                    + ", the largest "
                                    + views.names()
                                    + ": refreshed inside the write pause: "
                                    + time(views, rates.copy(), rates)
                                    + " for their rows, and as long as their queries take",
                            "REFRESH MATERIALIZED VIEW … WITH NO DATA on the source for what may be built"
                                    + " after the migration; or take the longer pause",
                            "their rows are not replicated; stale ones would look like lost data"));
        }
    }

    /** What the document wants refused is in the way; else it is worth knowing. */
    private static void told(Findings findings, Online.Carry decided, Problem problem) {
        switch (decided) {
            case COPY -> findings.warn(problem);
            case REFUSE -> findings.fail(problem);
        }
    }

    private static String mib(Part part) {
        return "%.1f MiB".formatted(part.bytes() / MIB);
    }

    private static String time(Part part, double rate, Rates rates) {
        double seconds = part.bytes() / rate;
        return (seconds < 0.1 ? "less than 0.1 s" : "about %.1f s".formatted(seconds))
                + " at %.0f MB/s (%s)".formatted(rate / 1e6, rates.basis());
    }

    private static Problem problem(String object, String what, String remedy, String why) {
        return new Problem(Code.NOT_REPLICATED, object, what, remedy, why);
    }
}
