package dev.switchback.steps.cluster;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * The target's volumes hold what comes.
 *
 * <ol>
 *   <li>Data volume: twice the source's databases – the data, and as much again for index builds,
 *       their sort files and the first vacuum – and the WAL as well where it has no volume of its
 *       own.
 *   <li>WAL: three times the target's {@code max_wal_size}; during the copy it is written faster
 *       than checkpoints recycle and archiving empties it.
 * </ol>
 */
public final class CheckCapacity extends Check {
    private static final int DATA_FACTOR = 2;
    private static final int WAL_FACTOR = 3;
    private static final long MIB = 1024L * 1024;

    public CheckCapacity(World world) {
        super(
                world,
                Chapter.TIMING,
                "check-capacity",
                "Check that the target's volumes hold the data");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        long data = sourceBytes();
        long wal = WAL_FACTOR * targetWal();
        KubeObject cluster = world.target().object();
        boolean own = cluster.spec().hasNonNull("walStorage");
        long needed = DATA_FACTOR * data + (own ? 0 : wal);
        findings.saw("sourceBytes", String.valueOf(data));
        findings.saw("neededBytes", String.valueOf(needed));
        volume(cluster, "PG_DATA", "storage", needed, formula(data, own ? 0 : wal), findings);
        if (own) {
            volume(cluster, "PG_WAL", "walStorage", wal, WAL_FACTOR + " × max_wal_size", findings);
        }
    }

    private static String formula(long data, long wal) {
        return DATA_FACTOR
                + " × "
                + mib(data)
                + " of data"
                + (wal == 0
                        ? ""
                        : " + " + mib(wal) + " of WAL (" + WAL_FACTOR + " × max_wal_size)");
    }

    private static String mib(long bytes) {
        return bytes / MIB + " MiB";
    }

    private void volume(
            KubeObject cluster,
            String role,
            String field,
            long needed,
            String formula,
            Findings findings) {
        List<KubeObject> claims =
                world.targetKube()
                        .list(
                                Kind.PERSISTENT_VOLUME_CLAIM,
                                cluster.namespace(),
                                Map.of("cnpg.io/cluster", cluster.name(), "cnpg.io/pvcRole", role));
        String asked = cluster.spec().path(field).path("size").asText("");
        if (claims.isEmpty() && asked.isEmpty()) {
            findings.unknown(
                    problem(
                            cluster.display(),
                            "neither spec." + field + ".size nor a claim tells its volume's size",
                            "set spec." + field + ".size"));
            return;
        }
        long least = claims.isEmpty() ? Kube.bytes(asked) : Long.MAX_VALUE;
        String where = cluster.display();
        for (KubeObject claim : claims) {
            String capacity = claim.status().path("capacity").path("storage").asText("");
            if (capacity.isEmpty()) {
                findings.unknown(
                        problem(
                                claim.display(),
                                "the claim is not bound yet",
                                "kubectl describe pvc " + claim.name()));
            } else if (Kube.bytes(capacity) < least) {
                least = Kube.bytes(capacity);
                where = claim.display();
            }
        }
        if (least != Long.MAX_VALUE) {
            findings.saw(field + "Bytes", String.valueOf(least));
        }
        if (least < needed) {
            findings.block(
                    problem(
                            where,
                            "holds " + mib(least) + ", needed are " + mib(needed) + " = " + formula,
                            "kubectl patch cluster "
                                    + cluster.name()
                                    + " -n "
                                    + cluster.namespace()
                                    + " --type merge -p '{\"spec\":{\""
                                    + field
                                    + "\":{\"size\":\""
                                    + (needed / (1024 * MIB) + 1)
                                    + "Gi\"}}}'"));
        }
    }

    private static Problem problem(String object, String what, String remedy) {
        return new Problem(
                Code.VOLUME_TOO_SMALL,
                object,
                what,
                remedy,
                "a full volume stops the target in the middle of the downtime");
    }

    private long sourceBytes() throws SQLException {
        long bytes = 0;
        try (Connection source = Pg.open(world.source("postgres", id()))) {
            for (String database : world.databases()) {
                bytes +=
                        Long.parseLong(
                                Sql.one(source, "SELECT pg_database_size(?::name)", database));
            }
        }
        return bytes;
    }

    private long targetWal() throws SQLException {
        try (Connection target = Pg.open(world.targetReader("postgres", id()))) {
            return Long.parseLong(
                    Sql.one(target, "SELECT pg_size_bytes(current_setting('max_wal_size'))"));
        }
    }
}
