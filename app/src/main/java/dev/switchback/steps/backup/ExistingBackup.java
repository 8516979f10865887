package dev.switchback.steps.backup;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Backup;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.zalando.LogicalBackups;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A backup that Zalando's cluster took by itself: a base backup with the write-ahead log after it
 * archived, or a run of the logical backup's CronJob. The bucket itself is not read: its login is
 * the cluster's own.
 */
final class ExistingBackup {
    private static final String WHY =
            "without a backup that can be relied on, a mistake during the migration cannot be taken back";

    private final World world;
    private final String step;
    private final Backup backup;
    private final List<String> unseen = new ArrayList<>();
    private final List<String> old = new ArrayList<>();
    private boolean found;

    ExistingBackup(World world, String step, Backup backup) {
        this.world = world;
        this.step = step;
        this.backup = backup;
    }

    void judge(Findings findings) {
        logical(findings);
        base(findings);
        if (found) {
            return;
        }
        LogicalBackups logical = logicalBackups();
        String remedy =
                "take one now (kubectl -n "
                        + world.migration().source().namespace()
                        + " create job backup-now --from=cronjob/"
                        + logical.name()
                        + "), or write spec.backup.mode: dump";
        String object = world.source().display();
        if (!old.isEmpty()) {
            findings.block(
                    new Problem(
                            Code.BACKUP_TOO_OLD,
                            object,
                            String.join("; ", old)
                                    + "; spec.backup.maxAge is "
                                    + words(backup.maxAge())
                                    + (unseen.isEmpty() ? "" : "; " + String.join("; ", unseen)),
                            remedy,
                            WHY));
        } else {
            findings.unknown(
                    new Problem(
                            Code.BACKUP_UNSEEN,
                            object,
                            "no backup can be seen: " + String.join("; ", unseen),
                            remedy,
                            WHY));
        }
    }

    private LogicalBackups logicalBackups() {
        return new LogicalBackups(
                world.kube(),
                world.migration().source().namespace(),
                world.migration().source().cluster());
    }

    private void logical(Findings findings) {
        LogicalBackups logical = logicalBackups();
        try {
            Optional<Instant> success = logical.lastSuccess();
            if (success.isPresent()) {
                Duration age = Duration.between(success.get(), InstantSource.system().instant());
                weigh(findings, "logicalBackup", "logical backup " + logical.display(), age);
            } else {
                unseen.add(
                        logical.configured()
                                ? "CronJob " + logical.display() + " tells of no run that succeeded"
                                : "there is no CronJob "
                                        + logical.display()
                                        + " (enableLogicalBackup)");
            }
        } catch (SwitchbackException e) {
            unseen.add("CronJob " + logical.display() + " cannot be read: " + e.problem().what());
        }
    }

    private void base(Findings findings) {
        try (Connection source = Pg.open(world.source("postgres", step))) {
            Optional<String> broken = archiving(source);
            if (broken.isPresent()) {
                unseen.add(broken.get());
                return;
            }
            List<String[]> backups =
                    Sql.list(
                            source,
                            Sql.resource(ExistingBackup.class, "base-backup.sql"),
                            row ->
                                    new String[] {
                                        row.getString(1), row.getString(2), row.getString(3)
                                    });
            if (backups.isEmpty()) {
                unseen.add("pg_wal on the primary tells of no archived base backup");
                return;
            }
            String[] newest = backups.getFirst();
            Duration age = Duration.ofSeconds(Long.parseLong(newest[1]));
            weigh(
                    findings,
                    "baseBackup",
                    "base backup '" + newest[2] + "' (" + newest[0] + ")",
                    age);
        } catch (SQLException e) {
            unseen.add("base backups cannot be looked for: " + Pg.words(e));
        } catch (SwitchbackException e) {
            unseen.add("base backups cannot be looked for: " + e.problem().what());
        }
    }

    /** Why the write-ahead log after a base backup would be missing; empty when it is archived. */
    private Optional<String> archiving(Connection source) throws SQLException {
        return Sql.list(
                        source,
                        Sql.resource(ExistingBackup.class, "archiver.sql"),
                        row -> {
                            if (row.getString(1).equals("off")) {
                                return Optional.of("archive_mode is off");
                            }
                            if (!row.getBoolean(2)) {
                                return Optional.of(
                                        "archive_command keeps nothing: no bucket for WAL is set");
                            }
                            if (row.getBoolean(4)) {
                                return Optional.of(
                                        "archiving fails, last with " + row.getString(5));
                            }
                            long since = row.getLong(3);
                            boolean never = row.wasNull();
                            if (never || since > backup.maxAge().toSeconds()) {
                                return Optional.of("no WAL was archived within maxAge");
                            }
                            return Optional.<String>empty();
                        })
                .getFirst();
    }

    private void weigh(Findings findings, String fact, String what, Duration age) {
        String told = what + ", " + words(age) + " old";
        if (age.compareTo(backup.maxAge()) > 0) {
            old.add(told);
        } else {
            found = true;
            findings.saw(fact, told);
        }
    }

    /** {@code 26h 5m}: exact enough to judge a backup by. */
    static String words(Duration time) {
        long hours = time.toHours();
        return hours > 0
                ? hours + "h " + time.toMinutesPart() + "m"
                : time.toMinutes() + "m " + time.toSecondsPart() + "s";
    }
}
