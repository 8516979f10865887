package dev.switchback.steps.backup;

import dev.switchback.backup.SafetyBackup;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.UserTable;
import dev.switchback.spec.Backup;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The wanted backup can be taken, or the existing one is there and young enough. */
public final class CheckBackup extends Check {
    private static final String NAME = "switchback";

    public CheckBackup(World world) {
        super(
                world,
                Chapter.BACKUP,
                "check-backup",
                "Check that the safety backup can be written, or is there");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        Optional<Backup> backup = world.migration().backup();
        if (backup.isEmpty()) {
            findings.warn(
                    new Problem(
                            Code.BACKUP_NONE,
                            world.migration().display(),
                            "the document has no spec.backup: no backup is taken and none is proven",
                            "write spec.backup.mode: dump, existing or, if you mean it, none",
                            "the source stays as it is, but a mistake made on it cannot be taken back"));
            return;
        }
        findings.saw("mode", backup.get().mode().word());
        switch (backup.get().mode()) {
            case NONE ->
                    findings.saw("backup", "none is taken or looked for: the document says so");
            case EXISTING -> new ExistingBackup(world, id(), backup.get()).judge(findings);
            case DUMP -> dump(backup.get(), findings);
        }
    }

    private void dump(Backup backup, Findings findings) throws SQLException {
        findings.saw("at", backup.at().word());
        List<Connection> databases = new ArrayList<>();
        try {
            for (String database : world.databases()) {
                databases.add(Pg.open(world.source(database, id())));
            }
            keyTables(backup, databases, findings);
            sizes(backup, databases, findings);
        } finally {
            for (Connection database : databases) {
                database.close();
            }
        }
    }

    private void keyTables(Backup backup, List<Connection> databases, Findings findings)
            throws SQLException {
        for (String table : SafetyBackup.absent(backup.keyTables(), databases)) {
            findings.fail(
                    new Problem(
                            Code.BACKUP_KEY_TABLE,
                            table,
                            "no database to be migrated has this key table",
                            "correct spec.backup.keyTables; is this the right source?",
                            "a backup without its key tables proves nothing"));
        }
        if (backup.keyTables().isEmpty()) {
            findings.warn(
                    new Problem(
                            Code.BACKUP_KEY_TABLE,
                            world.migration().display(),
                            "no key tables are named: the backup is read back, but no row of it is restored",
                            "name two or three tables in spec.backup.keyTables",
                            "a backup that was never restored is a hope"));
        }
    }

    private void sizes(Backup backup, List<Connection> databases, Findings findings)
            throws SQLException {
        long onDisk = 0;
        long toDump = 0;
        for (Connection database : databases) {
            onDisk +=
                    Long.parseLong(
                            Sql.one(database, "SELECT pg_database_size(current_database())"));
            toDump +=
                    UserTable.tables(database, world.exclusions()).stream()
                            .mapToLong(UserTable::bytes)
                            .sum();
            toDump +=
                    Long.parseLong(
                            Sql.one(database, "SELECT pg_table_size('pg_largeobject'::regclass)"));
        }
        findings.saw("predictedBytes", String.valueOf(toDump));
        if (onDisk < backup.minSize()) {
            findings.fail(
                    new Problem(
                            Code.BACKUP_TOO_SMALL,
                            world.source().display(),
                            "its databases hold "
                                    + onDisk
                                    + " bytes on disk, so that no dump of them reaches spec.backup.minSize "
                                    + backup.minSize(),
                            "is this the right source? or lower spec.backup.minSize",
                            "a backup far smaller than expected is most often one of the wrong thing"));
        }
        destination(backup, toDump, findings);
    }

    private void destination(Backup backup, long toDump, Findings findings) {
        try (SafetyBackup there = new BackupPlace(world).open(backup.to().orElseThrow(), NAME)) {
            there.obstacles(toDump)
                    .forEach(problem -> {
                        if (problem.code() == Code.BACKUP_NO_ROOM) {
                            // a guess before compression: a person may know better
                            findings.block(problem);
                        } else {
                            findings.fail(problem);
                        }
                    });
            findings.saw("to", there.location());
        } catch (SwitchbackException e) {
            e.problems().forEach(findings::fail);
        }
    }
}
