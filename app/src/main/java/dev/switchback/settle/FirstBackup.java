package dev.switchback.settle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.ClockWait;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.settle.WatchRecord.BackupProof;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first backup of the target, and its proof:
 *
 * <ol>
 *   <li>A Backup is asked for by the method that the Cluster is set up for: the barman-cloud
 *       plugin, the object store in its own spec, volume snapshots. Its name comes from the
 *       migration, so that asking again finds it; one that failed is followed by another.
 *   <li>It is waited for until the operator says {@code completed}.
 *   <li>The server is told to switch its WAL file – an idle one would archive nothing for minutes,
 *       and a plugin's first backup cannot be restored before – and the file that it was in must be
 *       archived, by {@code pg_stat_archiver}, and later than the backup.
 * </ol>
 */
public final class FirstBackup {
    public static final String PLUGIN = "barman-cloud.cloudnative-pg.io";

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int TRIES = 20;
    private static final Set<String> FAILED = Set.of("failed", "invalid backup definition");

    private final World world;
    private final String uid;
    private final Consumer<BackupProof> keep;

    /**
     * @param migrationUid the journal's
     * @param keep makes each stage of the proof durable
     */
    FirstBackup(World world, String migrationUid, Consumer<BackupProof> keep) {
        this.world = world;
        this.uid = migrationUid.substring(0, Math.min(8, migrationUid.length()));
        this.keep = keep;
    }

    /**
     * Asks, waits and proves, or goes on where an earlier one stopped.
     *
     * @param patience by the world's clock, for the backup and the archiving together
     * @throws SwitchbackException CNPG_BACKUP_NOT_CONFIGURED; CNPG_BACKUP_NOT_PROVEN when it failed
     *     or took too long
     */
    BackupProof prove(Duration patience, Stopper stopper) throws InterruptedException {
        Instant deadline = world.clock().instant().plus(patience);
        String method = method(world.target().object());
        KubeObject backup = ask(method);
        BackupProof requested = proof(method, backup, "requested", "", "asked for");
        keep.accept(requested);
        while (!BackupReader.phase(backup).equals("completed")) {
            if (FAILED.contains(BackupReader.phase(backup))) {
                String words =
                        "the operator says '"
                                + BackupReader.phase(backup)
                                + "' "
                                + backup.status().path("error").asText("");
                keep.accept(proof(method, backup, "failed", "", words));
                throw notProven(backup.display(), words);
            }
            pause(deadline, backup, stopper);
            backup =
                    world.targetKube()
                            .require(
                                    Kind.BACKUP,
                                    backup.namespace(),
                                    backup.name(),
                                    "somebody deleted it: run it again");
        }
        keep.accept(proof(method, backup, "completed", "", "completed"));
        String archived = archived(backup, deadline, stopper);
        BackupProof proven =
                proof(
                        method,
                        backup,
                        "proven",
                        archived,
                        "completed, and WAL written after it is archived");
        keep.accept(proven);
        return proven;
    }

    private static String method(KubeObject cluster) {
        for (JsonNode plugin : cluster.spec().path("plugins")) {
            if (plugin.path("name").asText().equals(PLUGIN)
                    && plugin.path("enabled").asBoolean(true)) {
                return "plugin";
            }
        }
        JsonNode backup = cluster.spec().path("backup");
        if (backup.hasNonNull("barmanObjectStore")) {
            return "barmanObjectStore";
        }
        if (backup.hasNonNull("volumeSnapshot")) {
            return "volumeSnapshot";
        }
        throw new SwitchbackException(
                Code.CNPG_BACKUP_NOT_CONFIGURED,
                cluster.display(),
                "has no way to make a backup: neither the plugin " + PLUGIN + " nor spec.backup",
                "add the plugin with an ObjectStore to spec.plugins (a new, empty place: Spilo's archive is not readable for it)");
    }

    private KubeObject ask(String method) {
        String namespace = world.target().namespace();
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            String name =
                    world.migration().target().cluster()
                            + "-switchback-"
                            + uid
                            + (attempt == 1 ? "" : "-" + attempt);
            Optional<KubeObject> found = world.targetKube().get(Kind.BACKUP, namespace, name);
            if (found.isEmpty()) {
                return world.targetKube().create(Kind.BACKUP, namespace, backup(name, method));
            }
            if (!FAILED.contains(BackupReader.phase(found.get()))) {
                return found.get();
            }
        }
        throw notProven(world.target().display(), TRIES + " backups that we asked for have failed");
    }

    private ObjectNode backup(String name, String method) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = json.putObject("metadata").put("name", name);
        metadata.putObject("labels")
                .put("app.kubernetes.io/name", "switchback")
                .put("app.kubernetes.io/instance", world.migration().name())
                .put("app.kubernetes.io/managed-by", "switchback");
        ObjectNode spec = json.putObject("spec").put("method", method);
        spec.putObject("cluster").put("name", world.migration().target().cluster());
        if (method.equals("plugin")) {
            spec.putObject("pluginConfiguration").put("name", PLUGIN);
        }
        return json;
    }

    private String archived(KubeObject backup, Instant deadline, Stopper stopper)
            throws InterruptedException {
        try (Connection target = Pg.open(world.target("postgres", "watch"))) {
            String file = Sql.one(target, "SELECT pg_walfile_name(pg_current_wal_insert_lsn())");
            // a marker, so that there is something to switch away from
            Sql.one(target, "SELECT pg_logical_emit_message(false, 'switchback', 'backup')");
            Sql.one(target, "SELECT pg_switch_wal()");
            while (true) {
                String last =
                        Sql.first(
                                target,
                                "SELECT last_archived_wal FROM pg_stat_archiver WHERE last_archived_wal IS NOT NULL");
                if (last != null && atLeast(last, file)) {
                    return file;
                }
                pause(deadline, backup, stopper);
            }
        } catch (SQLException e) {
            throw notProven(
                    world.target().display(),
                    "whether WAL is archived cannot be read: " + Pg.words(e));
        }
    }

    /** Names of WAL files sort by time within a timeline, and a later timeline is later. */
    private static boolean atLeast(String archived, String file) {
        return archived.length() >= 24
                && archived.substring(0, 24).compareTo(file.substring(0, 24)) >= 0;
    }

    private void pause(Instant deadline, KubeObject backup, Stopper stopper)
            throws InterruptedException {
        Instant now = world.clock().instant();
        if (!now.isBefore(deadline)) {
            throw notProven(
                    backup.display(),
                    BackupReader.phase(backup).equals("completed")
                            ? "is completed, but the WAL written after it was not archived in time"
                            : "is still '" + BackupReader.phase(backup) + "'");
        }
        ClockWait.until(world.clock(), now.plus(BETWEEN_LOOKS), stopper);
    }

    private BackupProof proof(
            String method, KubeObject backup, String state, String archived, String words) {
        @Nullable Instant stopped =
                backup.status().hasNonNull("stoppedAt")
                        ? BackupReader.ended(backup).orElse(null)
                        : null;
        return new BackupProof(
                method, backup.name(), state, world.clock().instant(), stopped, archived, words);
    }

    private static SwitchbackException notProven(String object, String what) {
        return new SwitchbackException(
                Code.CNPG_BACKUP_NOT_PROVEN,
                object,
                what,
                "kubectl describe backup and the Cluster; mend it, then: switchback watch --once --backup");
    }
}
