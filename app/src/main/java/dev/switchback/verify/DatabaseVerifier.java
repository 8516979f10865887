package dev.switchback.verify;

import dev.switchback.copy.Sequences;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import dev.switchback.pg.Workers;
import dev.switchback.schema.SchemaDiff;
import dev.switchback.schema.SchemaDifference;
import dev.switchback.verify.DatabaseReport.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Compares two databases in everything: definitions, content, sequence positions, large objects.
 * Reads only, on one snapshot of each side, with whatever rights the roles have: what they may not
 * read is told as not compared and never as equal.
 */
public final class DatabaseVerifier {
    private final Exclusions exclusions;
    private final Options options;

    /**
     * @param tables patterns of the tables whose content alone is compared; empty for everything
     * @param deep whether every row is laid beside its counterpart instead of trusting digests
     * @param jobs sessions that read each side at the same time
     */
    public record Options(List<String> tables, boolean deep, int jobs) {
        public Options {
            tables = List.copyOf(tables);
        }
    }

    public DatabaseVerifier(Exclusions exclusions, Options options) {
        this.exclusions = exclusions;
        this.options = options;
    }

    /**
     * @param progress hears every table's verdict, from several threads
     * @throws SwitchbackException what {@link Pg#open} throws, CONTENT_NOT_PROVEN when a side is
     *     lost on the way, NO_SUCH_TABLE when patterns fit nothing
     */
    public DatabaseReport verify(
            ConnectionSpec source,
            ConnectionSpec target,
            Consumer<TableVerdict> progress,
            Stopper stopper)
            throws InterruptedException {
        try (PinnedSnapshot there = PinnedSnapshot.open(source);
                PinnedSnapshot here = PinnedSnapshot.open(target)) {
            return new Work(there, here).all(progress, stopper);
        }
    }

    /** One comparison. */
    private final class Work {
        private final PinnedSnapshot source;
        private final PinnedSnapshot target;
        private final List<Finding> differences = new ArrayList<>();
        private final List<Finding> notCompared = new ArrayList<>();
        private final List<Finding> known = new ArrayList<>();
        private int sequences;
        private long largeObjects;

        Work(PinnedSnapshot source, PinnedSnapshot target) {
            this.source = source;
            this.target = target;
        }

        DatabaseReport all(Consumer<TableVerdict> progress, Stopper stopper)
                throws InterruptedException {
            boolean everything = options.tables().isEmpty();
            if (everything) {
                Workers.run(
                        "compare-catalogs",
                        List.of("catalogs"),
                        1,
                        stopper,
                        sessions -> new Catalogs(new BothSides(source, target, sessions), this));
            }
            Predicate<TableId> wanted = TablePatterns.any(options.tables());
            ContentReport content =
                    new ContentVerifier(exclusions, options.jobs(), options.deep())
                            .compare(source, target, wanted, progress, stopper);
            if (!everything) {
                refuseEmptyPatterns(content);
            }
            content.tables().forEach(verdict -> add("table", verdict));
            content.materializedViews().forEach(verdict -> add("materialized view", verdict));
            if (everything) {
                Workers.run(
                        "compare-large-objects",
                        List.of("large objects"),
                        1,
                        stopper,
                        sessions ->
                                new LargeObjectWork(new BothSides(source, target, sessions), this));
            }
            return new DatabaseReport(
                    List.copyOf(differences),
                    List.copyOf(notCompared),
                    List.copyOf(known),
                    content,
                    sequences,
                    largeObjects);
        }

        private void refuseEmptyPatterns(ContentReport content) {
            for (String pattern : options.tables()) {
                Predicate<TableId> one = TablePatterns.one(pattern);
                if (content.tables().stream().noneMatch(v -> one.test(v.table()))
                        && content.materializedViews().stream()
                                .noneMatch(v -> one.test(v.table()))) {
                    throw new SwitchbackException(
                            Code.NO_SUCH_TABLE,
                            "--tables " + pattern,
                            "no table or materialized view of either side has such a name",
                            "write schema.table or table, * and ? stand for any characters");
                }
            }
        }

        private void add(String kind, TableVerdict verdict) {
            String line = verdict.line().substring(verdict.table().toString().length() + 2);
            if (verdict.unreadable() != null) {
                notCompared.add(
                        new Finding(kind, verdict.table().toString(), verdict.unreadable()));
            } else if (!verdict.equal()) {
                differences.add(new Finding(kind, verdict.table().toString(), line));
            }
        }

        void schema(Connection there, Connection here) {
            try {
                for (SchemaDifference d : SchemaDiff.between(there, here, exclusions)) {
                    String name = d.kind() + " " + d.object();
                    String what = d.text().replace(name + ": ", "");
                    (d.known() ? known : differences).add(new Finding("schema", name, what));
                }
            } catch (SQLException e) {
                notCompared.add(new Finding("schema", "", Pg.words(e)));
            }
        }

        void sequences(Connection there, Connection here) {
            try {
                var states = Sequences.read(there, exclusions);
                sequences = states.size();
                Sequences.differences(states, Sequences.read(here, exclusions))
                        .forEach(d -> differences.add(new Finding("sequence", "", d)));
            } catch (SQLException e) {
                notCompared.add(new Finding("sequences", "", Pg.words(e)));
            }
        }

        void largeObjects(BothSides sides) throws SQLException {
            try {
                LargeObjectCheck.Found found =
                        LargeObjectCheck.run(sides, ContentVerifier.EXAMPLES);
                largeObjects = found.objects();
                found.examples().forEach(d -> differences.add(new Finding("large object", "", d)));
                long more = found.differing() - found.examples().size();
                if (more > 0) {
                    differences.add(new Finding("large objects", "", more + " more differ"));
                }
            } catch (SwitchbackException e) {
                notCompared.add(new Finding("large objects", "", e.problem().what()));
            }
        }
    }

    /** Definitions and sequence positions, each in its own look at the server. */
    private record Catalogs(BothSides sides, Work work) implements Workers.Worker<String> {
        @Override
        public void take(String item) throws SQLException {
            sides.withBoth(work::schema);
            sides.withBoth(work::sequences);
        }

        @Override
        public void close() throws SQLException {
            sides.close();
        }
    }

    private record LargeObjectWork(BothSides sides, Work work) implements Workers.Worker<String> {
        @Override
        public void take(String item) throws SQLException {
            work.largeObjects(sides);
        }

        @Override
        public void close() throws SQLException {
            sides.close();
        }
    }
}
