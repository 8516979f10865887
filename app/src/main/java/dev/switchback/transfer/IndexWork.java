package dev.switchback.transfer;

import dev.switchback.pg.Crew;
import dev.switchback.pg.Sql;
import dev.switchback.schema.PostData;
import dev.switchback.schema.PostData.Build;
import dev.switchback.schema.PostData.Entry;
import dev.switchback.schema.PostData.TableWork;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a table gets as soon as its rows are there: all of its indexes at once, then what needs the
 * table for itself, then statistics. Small tables get everything in one transaction of one worker,
 * many at a time. What an earlier run built is left out.
 */
final class IndexWork {
    /** Lower goes first; see {@link Crew}. */
    static final int BUILD = 1;

    static final int COPY = 2;
    static final int ANALYZE = 3;

    /** Up to this size splitting the work costs more than it brings. */
    private static final long SMALL_BYTES = 1L << 20;

    /** A table of which only this is known. */
    record Subject(long oid, String sql, long bytes) {}

    private final Crew<TransferDesk> crew;
    private final Map<Long, TableWork> byTable;
    private final Set<String> built;
    private final boolean statistics;
    private final Set<Long> begun = ConcurrentHashMap.newKeySet();

    IndexWork(
            Crew<TransferDesk> crew,
            Map<Long, TableWork> byTable,
            Set<String> built,
            boolean statistics) {
        this.crew = crew;
        this.byTable = byTable;
        this.built = built;
        this.statistics = statistics;
    }

    /** The rows of these tables are complete. */
    void ready(List<Subject> tables) {
        List<Subject> small = new ArrayList<>();
        for (Subject table : tables) {
            if (!begun.add(table.oid)) {
                continue;
            }
            if (table.bytes <= SMALL_BYTES) {
                small.add(table);
            } else {
                begin(table);
            }
        }
        if (!small.isEmpty()) {
            List<Entry> entries = small.stream().flatMap(t -> plain(t).stream()).toList();
            long weight = small.stream().mapToLong(Subject::bytes).sum();
            if (!entries.isEmpty()) {
                crew.add(
                        BUILD,
                        weight,
                        desk -> {
                            desk.builder().run(entries);
                            analyze(small, weight);
                        });
            } else {
                analyze(small, weight);
            }
        }
    }

    private void begin(Subject table) {
        TableWork work = byTable.get(table.oid);
        List<Build> builds =
                work == null
                        ? List.of()
                        : work.builds().stream().filter(b -> !there(b.entry())).toList();
        if (builds.isEmpty()) {
            crew.add(BUILD, table.bytes, desk -> finish(desk, table));
            return;
        }
        AtomicInteger left = new AtomicInteger(builds.size());
        for (Build build : builds) {
            crew.add(
                    BUILD,
                    build.weight(),
                    desk -> {
                        desk.builder().helpers(crew.idle());
                        desk.builder().run(List.of(build.entry()));
                        if (left.decrementAndGet() == 0) {
                            finish(desk, table);
                        }
                    });
        }
    }

    private void finish(TransferDesk desk, Subject table) throws SQLException {
        TableWork work = byTable.get(table.oid);
        if (work != null) {
            desk.builder().run(work.finish().stream().filter(e -> !there(e)).toList());
        }
        analyze(List.of(table), table.bytes);
    }

    private List<Entry> plain(Subject table) {
        TableWork work = byTable.get(table.oid);
        if (work == null) {
            return List.of();
        }
        boolean halfDone = work.builds().stream().anyMatch(b -> built.contains(b.entry().key()));
        if (!halfDone) {
            return work.plain().stream().filter(e -> !there(e)).toList();
        }
        List<Entry> entries = new ArrayList<>();
        work.builds().stream().map(Build::entry).filter(e -> !there(e)).forEach(entries::add);
        work.finish().stream().filter(e -> !there(e)).forEach(entries::add);
        return entries;
    }

    private boolean there(Entry entry) {
        return built.contains(entry.key()) || built.contains(PostData.whole(entry.key()));
    }

    private void analyze(List<Subject> tables, long weight) {
        if (statistics) {
            String names = String.join(", ", tables.stream().map(Subject::sql).toList());
            crew.add(
                    ANALYZE,
                    weight,
                    desk -> desk.builder().plain("ANALYZE " + names, Sql.literal(names)));
        }
    }
}
