package dev.switchback.transfer;

import dev.switchback.copy.CopyOptions;
import dev.switchback.copy.LargeObjects;
import dev.switchback.copy.Loading;
import dev.switchback.copy.LongRows;
import dev.switchback.copy.SourceTable;
import dev.switchback.copy.TableOutcome;
import dev.switchback.copy.TableProgress;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Crew;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import dev.switchback.schema.PostData;
import dev.switchback.schema.PostData.Entry;
import dev.switchback.schema.PostData.ForeignKey;
import dev.switchback.schema.PostDataSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rows, indexes and constraints of one database, by one crew of workers.
 *
 * <ol>
 *   <li>{@link #rows}: tables, largest first; the indexes of a table as soon as its rows are there,
 *       ahead of further rows, for its pages are still in memory; statistics when nothing better is
 *       to do. The snapshot ends with the last row.
 *   <li>{@link #constraints}: what is left of indexes; the rest of post-data; statistics where the
 *       planner would be misled (a table that has pages and is said to have no rows makes the check
 *       of a foreign key hundreds of times slower); foreign keys without validation, together;
 *       their validation, tables side by side; what depends on them.
 * </ol>
 *
 * Every piece commits with a note that it is done, so both can be run again at any point.
 */
public final class Transfer {
    private static final int CHUNK = 200;

    /** Rows, and large objects when they were asked for. */
    public record Rows(List<TableOutcome> tables, LargeObjects.Report largeObjects, int retries) {}

    private final ConnectionSpec source;
    private final ConnectionSpec target;
    private final Exclusions exclusions;
    private final Predicate<TableId> wanted;
    private final CopyOptions options;
    private final Stopper stopper;

    /**
     * @param wanted which tables' rows
     */
    public Transfer(
            ConnectionSpec source,
            ConnectionSpec target,
            Exclusions exclusions,
            Predicate<TableId> wanted,
            CopyOptions options,
            Stopper stopper) {
        this.source = source;
        this.target = target;
        this.exclusions = exclusions;
        this.wanted = wanted;
        this.options = options;
        this.stopper = stopper;
    }

    /**
     * Copies rows under the snapshot, which it ends, and builds what {@code byTable} says.
     *
     * @param byTable by the source's OIDs; empty to build nothing
     * @param statistics whether to ANALYZE
     * @param largeObjects whether to copy them under the same snapshot
     * @param longRows when that was looked at already, else null
     */
    public Rows rows(
            PinnedSnapshot snapshot,
            Map<Long, PostData.TableWork> byTable,
            boolean statistics,
            boolean largeObjects,
            @Nullable LongRows longRows,
            Consumer<TableProgress> progress)
            throws InterruptedException {
        try (Loading loading =
                Loading.open(
                        source,
                        target,
                        exclusions,
                        wanted,
                        options,
                        snapshot,
                        longRows,
                        progress)) {
            Crew<TransferDesk> crew =
                    new Crew<>(
                            "copy",
                            options.jobs(),
                            sessions ->
                                    new TransferDesk(
                                            loading.desk(sessions),
                                            target,
                                            sessions,
                                            options.jobs()));
            IndexWork indexes = new IndexWork(crew, byTable, built(), statistics);
            indexes.ready(loading.copiedBefore().stream().map(Transfer::subject).toList());
            AtomicReference<LargeObjects.Report> objects =
                    new AtomicReference<>(new LargeObjects.Report(0, 0));
            if (largeObjects) {
                loading.expectExtra();
                crew.add(
                        IndexWork.COPY,
                        0,
                        desk -> {
                            objects.set(
                                    LargeObjects.copy(
                                            desk.rows().reader(),
                                            desk.rows().writer(),
                                            exclusions));
                            loading.readExtra();
                        });
            } else if (loading.units().isEmpty()) {
                loading.release();
            }
            loading.units()
                    .forEach(unit ->
                            crew.add(
                                    IndexWork.COPY,
                                    unit.bytes(),
                                    desk ->
                                            indexes.ready(
                                                    desk.rows().copy(unit).stream()
                                                            .map(Transfer::subject)
                                                            .toList())));
            crew.run(stopper);
            return new Rows(loading.outcomes(), objects.get(), loading.retries());
        }
    }

    private static IndexWork.Subject subject(SourceTable table) {
        return new IndexWork.Subject(table.oid(), table.id().sql(), table.bytes());
    }

    /**
     * Everything of post-data that is not there yet, foreign keys validated.
     *
     * @param statistics whether tables of foreign keys without statistics get them; those whose
     *     numbers mislead get them anyway
     */
    public void constraints(PostData post, boolean statistics) throws InterruptedException {
        Set<String> built = built();
        run(crew -> {
            IndexWork left = new IndexWork(crew, post.byTable(), built, false);
            post.byTable()
                    .forEach((oid, work) -> {
                        if (!missing(work.plain(), built).isEmpty()) {
                            left.ready(List.of(new IndexWork.Subject(oid, "", Long.MAX_VALUE)));
                        }
                    });
        });
        List<Entry> keys = post.foreignKeys().stream().map(ForeignKey::entry).toList();
        chunks(missing(post.rest(), built));
        if (!keys.isEmpty()) {
            trust(statistics);
            chunks(missing(keys, built));
            validate(post.foreignKeys(), built);
        }
        chunks(missing(post.last(), built));
    }

    private void validate(List<ForeignKey> keys, Set<String> built) throws InterruptedException {
        Map<String, List<Entry>> byTable = new LinkedHashMap<>();
        Map<String, Long> weights = new LinkedHashMap<>();
        for (ForeignKey key : keys) {
            if (!key.validate().isEmpty() && !built.contains(key.validation().key())) {
                byTable.computeIfAbsent(key.table(), _ -> new ArrayList<>()).add(key.validation());
                weights.merge(key.table(), key.weight(), Long::sum);
            }
        }
        run(crew ->
                byTable.forEach((table, entries) ->
                        crew.add(
                                0,
                                weights.getOrDefault(table, 0L),
                                desk -> {
                                    for (Entry entry : entries) {
                                        desk.builder().run(List.of(entry));
                                    }
                                })));
    }

    /** ANALYZE where the planner would otherwise be misled. */
    private void trust(boolean statistics) throws InterruptedException {
        List<TableId> misleading;
        try (Connection connection = DataSession.reader(target)) {
            misleading =
                    Sql.list(
                            connection,
                            Sql.resource(Transfer.class, "misleading.sql"),
                            row -> new TableId(row.getString(1), row.getString(2)),
                            statistics,
                            exclusions.schemaArray(connection));
        } catch (SQLException e) {
            throw failed(e);
        }
        run(crew ->
                misleading.forEach(id ->
                        crew.add(
                                0,
                                0,
                                desk ->
                                        desk.builder()
                                                .plain("ANALYZE " + id.sql(), id.toString()))));
    }

    /** In their order, by one session, many to a transaction. */
    private void chunks(List<Entry> entries) throws InterruptedException {
        if (entries.isEmpty()) {
            return;
        }
        Crew<TransferDesk> one = crew(1);
        one.add(
                0,
                0,
                desk -> {
                    for (int from = 0; from < entries.size(); from += CHUNK) {
                        stopper.checkpoint();
                        desk.builder()
                                .run(entries.subList(from, Math.min(entries.size(), from + CHUNK)));
                    }
                });
        one.run(stopper);
    }

    private void run(Consumer<Crew<TransferDesk>> seed) throws InterruptedException {
        Crew<TransferDesk> crew = crew(options.jobs());
        seed.accept(crew);
        crew.run(stopper);
    }

    private Crew<TransferDesk> crew(int jobs) {
        return new Crew<>(
                "build",
                jobs,
                sessions -> new TransferDesk(null, target, sessions, options.jobs()));
    }

    private static List<Entry> missing(List<Entry> entries, Set<String> built) {
        return entries.stream().filter(e -> !built.contains(e.key())).toList();
    }

    private Set<String> built() {
        try (Connection connection = Pg.open(target)) {
            return PostDataSession.built(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private SwitchbackException failed(SQLException e) {
        return new SwitchbackException(
                new Problem(
                        Code.PG_FAILED,
                        target.display(),
                        "looking at what is built: " + Pg.words(e),
                        "run again"),
                e);
    }
}
