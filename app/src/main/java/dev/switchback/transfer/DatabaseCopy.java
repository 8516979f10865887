package dev.switchback.transfer;

import dev.switchback.copy.Analyze;
import dev.switchback.copy.CopyOptions;
import dev.switchback.copy.ExtensionData;
import dev.switchback.copy.LongRows;
import dev.switchback.copy.SequenceState;
import dev.switchback.copy.Sequences;
import dev.switchback.copy.TableOutcome;
import dev.switchback.copy.TableProgress;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import dev.switchback.schema.ClientTools;
import dev.switchback.schema.DatabaseAttributes;
import dev.switchback.schema.PostData;
import dev.switchback.schema.SchemaTransfer;
import dev.switchback.transfer.CopyTarget.Begin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One database copied to another, from the look at both to the last check.
 *
 * <ol>
 *   <li>Both are reached, client tools fit both, the owners exist on the target, the target is ours
 *       alone ({@link CopyTarget}).
 *   <li>All tables of the source are locked against TRUNCATE and changes of definition, then one
 *       snapshot is exported; definitions and rows are read under it.
 *   <li>The target is prepared: empty, or as far as an earlier copy under an equal snapshot came.
 *   <li>Definitions, without indexes and constraints.
 *   <li>Rows, indexes, statistics ({@link Transfer#rows}); large objects under the same snapshot.
 *   <li>The rest of the definitions; foreign keys validated ({@link Transfer#constraints}).
 *   <li>Sequences, materialized views, event triggers.
 *   <li>A last look: nothing may be invalid that is valid on the source. What is invalid there and
 *       not here, because pg_dump leaves such indexes behind, is noted.
 *   <li>The database's own settings, owner, grants and comment: last, so that no setting meets a
 *       session of the copy.
 * </ol>
 *
 * Invariants: the source is only read; nothing is dropped on the target that does not carry our
 * marker; a copy is noted as finished only after the last look.
 */
public final class DatabaseCopy {
    private final CopyRequest request;
    private final ConnectionSpec source;
    private final ConnectionSpec target;
    private final Consumer<String> say;
    private final Consumer<TableProgress> progress;
    private final Stopper stopper;
    private final Exclusions exclusions = Exclusions.none();
    private final Map<String, Double> phases = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private long phaseBegan = System.nanoTime();

    /**
     * @param say hears a sentence for each phase
     * @param progress hears of tables, from several threads
     */
    public DatabaseCopy(
            CopyRequest request,
            Consumer<String> say,
            Consumer<TableProgress> progress,
            Stopper stopper) {
        this.request = request;
        this.source =
                request.source()
                        .withApplicationName(CopyTarget.APPLICATION)
                        .withStartSettings("-c statement_timeout=0");
        this.target =
                request.target()
                        .withApplicationName(CopyTarget.APPLICATION)
                        .withStartSettings(
                                "-c statement_timeout=0 -c default_transaction_read_only=off");
        this.say = say;
        this.progress = progress;
        this.stopper = stopper;
    }

    /**
     * Copies.
     *
     * @throws SwitchbackException what is in the way, by name
     * @throws InterruptedException when stopped; run again to go on
     */
    public CopyReport run() throws InterruptedException {
        long began = System.nanoTime();
        try {
            Path folder = Files.createTempDirectory("switchback-copy");
            try (CopyTarget taken = CopyTarget.take(target, uid())) {
                return run(taken, folder, began);
            } finally {
                Files.deleteIfExists(folder.resolve("schema.dump"));
                Files.delete(folder);
            }
        } catch (SQLException e) {
            throw new SwitchbackException(
                    new Problem(
                            Code.PG_FAILED,
                            target.display(),
                            Pg.words(e),
                            "mend what the server says, then run again"),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("a scratch folder is needed", e);
        }
    }

    private CopyReport run(CopyTarget taken, Path folder, long began)
            throws SQLException, InterruptedException {
        Path archive = folder.resolve("schema.dump");
        SchemaTransfer schema = new SchemaTransfer(tools(), exclusions, stopper);
        TableFilter.Left left;
        LongRows longRows;
        Begin begin;
        Optional<PostData> post;
        Transfer transfer;
        Transfer.Rows rows;
        DatabaseAttributes attributes;
        try (PinnedSnapshot snapshot = PinnedSnapshot.open(source, locks())) {
            try (Connection reader = DataSession.reader(source)) {
                snapshot.join(reader);
                refuseExtensionData(reader);
                left = request.filter().leftOut(reader, exclusions);
                CopyOptions options = CopyOptions.of(CopyTarget.ATTEMPT, request.jobs());
                Set<TableId> behind = left.names();
                longRows =
                        LongRows.check(
                                reader,
                                targetMajor(),
                                exclusions,
                                id -> !behind.contains(id),
                                options);
                begin =
                        taken.prepare(
                                Sql.one(reader, "SELECT pg_current_snapshot()::text"),
                                request.filter(),
                                request.dropIfOurs());
                tell(begin, taken.why());
                phase("prepare");
                schema.dump(source, archive, snapshot.id(), left.names());
                if (begin != Begin.RESUMED) {
                    schema.restorePreData(archive, target);
                    notes.addAll(schema.restorePrivileges(archive, target));
                    taken.schemaDone();
                }
                post = schema.postData(archive, reader);
                attributes = DatabaseAttributes.read(reader);
                phase("schema");
            }
            transfer = transfer(left.names());
            rows =
                    transfer.rows(
                            snapshot,
                            post.map(PostData::byTable).orElse(Map.of()),
                            request.statistics(),
                            request.largeObjects(),
                            longRows,
                            progress);
        }
        phase("rowsAndIndexes");
        say.accept("constraints, triggers, the rest of the definitions");
        if (post.isPresent()) {
            transfer.constraints(without(post.get(), left.oids()), request.statistics());
        } else {
            notes.add("indexes were built by pg_restore: the definitions are not UTF-8");
            schema.restorePostData(archive, target, request.jobs());
        }
        phase("constraints");
        int sequences = request.sequences() ? sequences() : 0;
        phase("sequences");
        last(schema, archive);
        phase("materializedViews");
        if (request.statistics()) {
            Analyze.missing(target, exclusions, request.jobs(), stopper);
        }
        phase("statistics");
        lookAtTheEnd(schema);
        taken.finished(attributes).forEach(notes::add);
        phase("check");
        return report(begin, began, rows, sequences);
    }

    /** They belong to the extension, so neither the dump nor the comparison would see them. */
    private void refuseExtensionData(Connection reader) throws SQLException {
        for (ExtensionData.UserRows rows : ExtensionData.userRows(reader, exclusions)) {
            throw new SwitchbackException(
                    Code.EXTENSION_MISSING,
                    source.display() + " " + rows.table(),
                    "holds "
                            + rows.rows()
                            + " row(s) of configuration of extension '"
                            + rows.extension()
                            + "', which a copy does not carry",
                    "empty the table and fill it by hand on the target after the copy");
        }
    }

    private CopyReport report(Begin begin, long began, Transfer.Rows rows, int sequences) {
        return new CopyReport(
                source.display(),
                target.display(),
                begin.name().toLowerCase(Locale.ROOT),
                (System.nanoTime() - began) / 1e9,
                phases,
                rows.tables().stream().mapToLong(TableOutcome::rows).sum(),
                rows.tables().stream().mapToLong(TableOutcome::bytes).sum(),
                sequences,
                rows.largeObjects().objects(),
                rows.retries(),
                List.copyOf(notes),
                rows.tables().stream()
                        .sorted(Comparator.comparingLong(TableOutcome::bytes).reversed())
                        .toList());
    }

    private void tell(Begin begin, String why) {
        switch (begin) {
            case FRESH -> say.accept("the target is empty: copying everything");
            case RESUMED -> {
                notes.add("went on where an earlier run stopped: nothing was written since");
                say.accept(notes.getLast());
            }
            case RESTARTED -> {
                notes.add("began from the beginning: " + why);
                say.accept(notes.getLast());
            }
        }
    }

    private Transfer transfer(Set<TableId> left) {
        say.accept("rows and indexes, " + request.jobs() + " at a time");
        return new Transfer(
                source,
                target,
                exclusions,
                id -> !left.contains(id),
                CopyOptions.of(CopyTarget.ATTEMPT, request.jobs()),
                stopper);
    }

    private PostData without(PostData post, Set<Long> left) {
        List<PostData.ForeignKey> kept =
                post.foreignKeys().stream().filter(k -> !left.contains(k.references())).toList();
        post.foreignKeys().stream()
                .filter(k -> left.contains(k.references()))
                .forEach(k ->
                        notes.add(k.entry().name() + " left out: it references a table left out"));
        return new PostData(post.byTable(), post.rest(), kept, post.last());
    }

    private void last(SchemaTransfer schema, Path archive) throws InterruptedException {
        if (request.materializedViews()) {
            say.accept("materialized views, event triggers");
            schema.restoreLast(archive, target);
        } else {
            schema.restoreEventTriggers(archive, target);
        }
    }

    /** A sequence that stayed behind with its table has nothing to be set. */
    private int sequences() throws SQLException {
        try (Connection from = DataSession.reader(source);
                Connection to = DataSession.writer(target)) {
            List<SequenceState> states = Sequences.read(from, exclusions);
            if (!request.filter().choosesAll()) {
                Set<TableId> there =
                        Sequences.read(to, exclusions).stream()
                                .map(SequenceState::id)
                                .collect(Collectors.toSet());
                states = states.stream().filter(s -> there.contains(s.id())).toList();
            }
            Sequences.apply(to, exclusions, states);
            return states.size();
        }
    }

    private void lookAtTheEnd(SchemaTransfer schema) throws SQLException {
        try (Connection from = Pg.open(source);
                Connection to = Pg.open(target)) {
            List<String> there = new ArrayList<>(schema.unfinished(to));
            List<String> here = new ArrayList<>(schema.unfinished(from));
            here.removeAll(there);
            there.removeAll(schema.unfinished(from));
            here.stream()
                    .filter(name -> name.startsWith("index "))
                    .forEach(name ->
                            notes.add(
                                    name
                                            + " is invalid on the source and stays behind, for"
                                            + " pg_dump leaves it out: rebuild or drop it there"));
            if (!there.isEmpty()) {
                throw new SwitchbackException(
                        Code.SCHEMA_RESTORE,
                        target.display(),
                        there.size()
                                + " are not valid although the source's are: "
                                + there.getFirst(),
                        "run again; report it if it stays");
            }
        }
    }

    /** One source, whatever its address: the cluster's own number and the database's. */
    private String uid() throws SQLException {
        try (Connection from = Pg.open(source)) {
            return "copy/"
                    + Sql.one(
                            from,
                            "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || oid"
                                    + " FROM pg_database WHERE datname = current_database()");
        }
    }

    private int targetMajor() throws SQLException {
        try (Connection to = Pg.open(target)) {
            return Pg.major(to);
        }
    }

    private ClientTools tools() throws SQLException {
        try (Connection from = Pg.open(source);
                Connection to = Pg.open(target)) {
            Set<String> owners =
                    new HashSet<>(
                            Sql.list(
                                    from,
                                    Sql.resource(DatabaseCopy.class, "owners.sql"),
                                    row -> row.getString(1)));
            Sql.list(to, "SELECT rolname FROM pg_roles", row -> row.getString(1))
                    .forEach(owners::remove);
            if (!owners.isEmpty()) {
                throw new SwitchbackException(
                        Code.OWNER_MISSING,
                        target.display(),
                        "roles that own something on the source do not exist: "
                                + String.join(", ", owners.stream().sorted().toList()),
                        "create them first, for example with pg_dumpall --roles-only");
            }
            return ClientTools.choose(Pg.major(from), Pg.major(to));
        }
    }

    /** Many tables to a statement; a thousand names are one round trip. */
    private List<String> locks() throws SQLException {
        List<TableId> tables;
        try (Connection from = DataSession.reader(source)) {
            tables =
                    Sql.list(
                            from,
                            Sql.resource(DatabaseCopy.class, "lockable.sql"),
                            row -> new TableId(row.getString(1), row.getString(2)),
                            exclusions.schemaArray(from));
        }
        List<String> locks = new ArrayList<>();
        for (int i = 0; i < tables.size(); i += 1000) {
            locks.add(
                    tables.subList(i, Math.min(tables.size(), i + 1000)).stream()
                            .map(t -> "ONLY " + t.sql())
                            .collect(
                                    Collectors.joining(
                                            ", ", "LOCK TABLE ", " IN ACCESS SHARE MODE")));
        }
        return locks;
    }

    private void phase(String name) {
        long now = System.nanoTime();
        phases.put(name, (now - phaseBegan) / 1e9);
        phaseBegan = now;
    }
}
