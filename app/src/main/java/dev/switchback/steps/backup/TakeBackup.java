package dev.switchback.steps.backup;

import dev.switchback.backup.Bytes;
import dev.switchback.backup.Dump;
import dev.switchback.backup.SafetyBackup;
import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.schema.ClientTools;
import dev.switchback.spec.Backup;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Callable;

/**
 * Takes a dump of every database and proves it, where the document wants it: while the writers
 * still run, or behind the fence. At the other place the same step has nothing to do.
 *
 * <ol>
 *   <li>The name is captured: it comes from the migration's uid and the attempt.
 *   <li>What an earlier process left unfinished under it is taken away.
 *   <li>Each database is dumped, read back and proven in a scratch database on the target.
 *   <li>The size is judged, everything is journalled, and only then the backup gets its name.
 * </ol>
 *
 * <p>Undo removes what is unfinished; a finished backup is the safety net and stays.
 */
public final class TakeBackup implements Step {
    public static final String AT_PREPARE = "take-safety-backup";
    public static final String AT_FENCE = "take-final-backup";
    private static final String NAME = "name";
    private static final String UPLOAD = "upload/";

    public static final String AT_CLEANUP = "take-last-backup";
    private static final String LAST = "-last";

    private final World world;
    private final When at;
    private final Around around;

    /** What must be done about the source before and after a database is dumped. */
    @FunctionalInterface
    public interface Around {
        Dump dumped(StepContext context, String database, Callable<Dump> dump) throws Exception;
    }

    /** The two places of the document, and the one before the source is given up. */
    private enum When {
        PREPARE,
        FENCE,
        CLEANUP
    }

    private TakeBackup(World world, When at, Around around) {
        this.world = world;
        this.at = at;
        this.around = around;
    }

    /** While the writers still run. */
    public static TakeBackup atPrepare(World world) {
        return new TakeBackup(world, When.PREPARE, (context, database, dump) -> dump.call());
    }

    /**
     * Behind the fence.
     *
     * @param around lets pg_dump read what the fence keeps locked
     */
    public static TakeBackup atFence(World world, Around around) {
        return new TakeBackup(world, When.FENCE, around);
    }

    /** A last one of the source before it is given up, unless the document wants none. */
    public static TakeBackup atCleanup(World world) {
        return new TakeBackup(world, When.CLEANUP, (context, database, dump) -> dump.call());
    }

    /** The database on the target that a proof of this migration restores into. */
    public static String scratchDatabase(String migrationUid) {
        return ScratchDatabase.name(migrationUid);
    }

    /** Drops it, where a proof was cut short. */
    public static void dropScratchDatabase(World world, String step, String migrationUid)
            throws SQLException {
        new ScratchDatabase(world, step, migrationUid).drop();
    }

    @Override
    public String id() {
        return switch (at) {
            case PREPARE -> AT_PREPARE;
            case FENCE -> AT_FENCE;
            case CLEANUP -> AT_CLEANUP;
        };
    }

    @Override
    public String title() {
        return switch (at) {
            case PREPARE ->
                    "Take a backup of the source and prove it, if the document wants it before the stop";
            case FENCE ->
                    "Take a backup of the source and prove it, if the document wants it behind the fence";
            case CLEANUP ->
                    "Take a last backup of the source and prove it, unless the document wants none";
        };
    }

    @Override
    public boolean inDowntime() {
        return at == When.FENCE;
    }

    /** What the document does not want here changes nothing. */
    @Override
    public boolean acts() {
        return wanted().isPresent();
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.RELEASE;
    }

    private Optional<Backup> wanted() {
        return world.migration()
                .backup()
                .filter(backup ->
                        switch (at) {
                            case PREPARE -> backup.dumpsAt(Backup.At.PREPARE);
                            case FENCE -> backup.dumpsAt(Backup.At.FENCE);
                            case CLEANUP ->
                                    backup.to().isPresent()
                                            && world.migration().cleanup().finalBackup();
                        });
    }

    @Override
    public Observation observe(StepContext context) {
        Optional<Backup> wanted = wanted();
        if (wanted.isEmpty()) {
            return Observation.done("backup", notHere());
        }
        Facts evidence = context.evidenceOf(id()).orElse(Facts.NONE);
        String attempt = String.valueOf(context.attempt());
        if (!evidence.get("provenInAttempt").equals(Optional.of(attempt))) {
            return Observation.todo("no proven backup of this attempt");
        }
        try (SafetyBackup backup = open(wanted.get(), evidence.require(NAME))) {
            List<String> archives = List.of(evidence.require("archives").split(" "));
            Optional<Long> there = backup.finished(archives);
            return there.equals(evidence.get("bytes").map(Long::valueOf))
                    ? Observation.done("location", backup.location())
                    : Observation.todo(backup.location() + " is not there as it was proven");
        }
    }

    private String notHere() {
        return world.migration()
                .backup()
                .map(b ->
                        b.mode() == Backup.Mode.DUMP
                                ? "taken at: " + b.at().word()
                                : "mode: " + b.mode().word())
                .orElse("none: the document has no spec.backup");
    }

    @Override
    public Facts capture(StepContext context) {
        return Facts.of(NAME, name(context));
    }

    private String name(StepContext context) {
        String uid = context.migrationUid().replace("-", "");
        return "switchback-"
                + world.migration().name()
                + "-"
                + uid.substring(0, Math.min(12, uid.length()))
                + "-"
                + context.attempt()
                + (at == When.CLEANUP ? LAST : "");
    }

    @Override
    public void apply(StepContext context) throws Exception {
        Backup wanted = wanted().orElseThrow();
        String name = context.captured().require(NAME);
        try (SafetyBackup backup = open(wanted, name)) {
            backup.discard(uploads(context));
            backup.begin();
            Facts facts = take(context, wanted, backup).with(NAME, name);
            // journalled first: a crash after it leaves either a draft, or a backup we know
            context.evidence(facts);
            backup.finish();
            context.note(
                    "proven: "
                            + backup.location()
                            + ", "
                            + Bytes.of(Long.parseLong(facts.require("bytes"))));
        }
    }

    private Facts take(StepContext context, Backup wanted, SafetyBackup backup) throws Exception {
        ScratchDatabase scratch = new ScratchDatabase(world, id(), context.migrationUid());
        List<String> archives = new ArrayList<>();
        Map<String, Long> keyRows = new LinkedHashMap<>();
        Facts digests = Facts.NONE;
        long bytes = 0;
        int entries = 0;
        int tables = 0;
        String takenAt = InstantSource.system().instant().toString();
        for (String database : world.databases()) {
            Dump dump =
                    around.dumped(context, database, () -> dump(context, wanted, backup, database));
            context.note(
                    database
                            + ": "
                            + Bytes.of(dump.bytes())
                            + " written; reading it back from "
                            + backup.location());
            Dump.Proof proof = prove(context, dump, scratch, database);
            archives.add(dump.archive());
            keyRows.putAll(proof.keyRows());
            bytes += dump.bytes();
            entries += proof.entries();
            tables += proof.tables();
            if (!dump.digest().isEmpty()) {
                digests = digests.with("sha256/" + dump.archive(), dump.digest());
            }
        }
        requireSize(wanted, backup, bytes);
        return Facts.of(
                        "location", backup.location(),
                        "archives", String.join(" ", archives),
                        "bytes", String.valueOf(bytes),
                        "takenAt", takenAt,
                        "tables", String.valueOf(tables),
                        "entries", String.valueOf(entries),
                        "keyTables", words(keyRows),
                        "provenInAttempt", String.valueOf(context.attempt()))
                .with(digests);
    }

    private Dump dump(StepContext context, Backup wanted, SafetyBackup backup, String database)
            throws SQLException, InterruptedException {
        ConnectionSpec source = world.source(database, id());
        return backup.dump(
                source,
                manner(source, wanted),
                upload -> context.evidence(UPLOAD + SafetyBackup.archive(database, true), upload),
                new Stops(context),
                context::note);
    }

    private Dump.Proof prove(
            StepContext context, Dump dump, ScratchDatabase scratch, String database)
            throws SQLException, InterruptedException {
        if (!dump.hasKeyTables()) {
            return dump.prove(null, new Stops(context));
        }
        ConnectionSpec empty = scratch.create(database);
        Dump.Proof proof = dump.prove(empty, new Stops(context));
        scratch.drop();
        return proof;
    }

    private static void requireSize(Backup wanted, SafetyBackup backup, long bytes) {
        if (bytes < wanted.minSize()) {
            throw new SwitchbackException(
                    Code.BACKUP_TOO_SMALL,
                    backup.location(),
                    "holds "
                            + Bytes.of(bytes)
                            + ", less than spec.backup.minSize "
                            + Bytes.of(wanted.minSize()),
                    "find out what it lacks: is this the right source? or lower spec.backup.minSize");
        }
    }

    private static String words(Map<String, Long> keyRows) {
        StringJoiner words = new StringJoiner(", ");
        keyRows.forEach((table, rows) -> words.add(table + " " + rows + " rows"));
        return words.toString();
    }

    private SafetyBackup.Manner manner(ConnectionSpec source, Backup wanted) throws SQLException {
        try (Connection there = Pg.open(source);
                Connection here = Pg.open(world.target("postgres", id()))) {
            ClientTools tools = ClientTools.nearestSource(Pg.major(there), Pg.major(here));
            return new SafetyBackup.Manner(
                    tools.pgDump(),
                    tools.pgRestore(),
                    wanted.keyTables(),
                    world.migration().jobs(),
                    wanted.maxRate(),
                    // behind the fence the source serves nobody who could suffer
                    at == When.PREPARE,
                    world.exclusions());
        }
    }

    private SafetyBackup open(Backup wanted, String name) {
        return new BackupPlace(world).open(wanted.to().orElseThrow(), name);
    }

    private Map<String, String> uploads(StepContext context) {
        Map<String, String> uploads = new LinkedHashMap<>();
        context.evidenceOf(id())
                .orElse(Facts.NONE)
                .values()
                .forEach((key, upload) -> {
                    if (key.startsWith(UPLOAD)) {
                        uploads.put(key.substring(UPLOAD.length()), upload);
                    }
                });
        return uploads;
    }

    @Override
    public void undo(StepContext context) throws Exception {
        Optional<String> name = context.captured().get(NAME);
        Facts evidence = context.evidenceOf(id()).orElse(Facts.NONE);
        if (name.isEmpty()) {
            return;
        }
        Optional<Backup.Destination> to = world.migration().backup().flatMap(Backup::to);
        if (to.isEmpty()) {
            throw new SwitchbackException(
                    Code.BACKUP_DESTINATION,
                    name.get(),
                    "the document no longer says where backups lie, so an unfinished one cannot be removed",
                    "put spec.backup.to back, then run it again");
        }
        try (SafetyBackup backup = new BackupPlace(world).open(to.get(), name.get())) {
            backup.discard(uploads(context));
            if (evidence.get("provenInAttempt")
                    .equals(Optional.of(String.valueOf(context.attempt())))) {
                context.note("the backup stays: " + backup.location());
            } else {
                new ScratchDatabase(world, id(), context.migrationUid()).drop();
            }
        }
    }
}
