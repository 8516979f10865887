package dev.switchback.steps.cleanup;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything of ours that is anywhere: read afresh, by names and by what the journal says that we
 * changed. Reads only.
 *
 * <ol>
 *   <li>Both servers, every database, by the names that only we give.
 *   <li>Kubernetes: our objects, our marks on others, declared slots, Patroni's settings.
 *   <li>What has no name of ours and only the journal knows: {@code wal_level}, replica identities,
 *       superuser access. Without a journal these are not judged, and a note says so.
 *   <li>What is kept on purpose, with the reason.
 * </ol>
 *
 * <p>What cannot be read is an error: it is never counted as clean.
 */
public final class Inventory {
    private final World world;
    private final Optional<JournalState> journal;
    private final List<Trace> left = new ArrayList<>();
    private final List<Trace> kept = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Inventory(World world, Optional<JournalState> journal) {
        this.world = world;
        this.journal = journal;
    }

    /**
     * @param notes what is worth knowing of how it was looked at
     */
    public record Found(List<Trace> left, List<Trace> kept, List<String> notes) {}

    /**
     * @param journal the migration's, if there is one
     * @throws SwitchbackException CLEAN_UNREAD, or what a server or the API says
     */
    public static Found look(World world, Optional<JournalState> journal) {
        return new Inventory(world, journal).look();
    }

    private Found look() {
        try {
            if (sourceThere()) {
                left.addAll(new ServerTraces(Trace.SOURCE, source("postgres")).all());
                ofReplicas();
                closedDatabases();
                walLevel();
                identities(Trace.SOURCE, this::source);
            } else {
                notes.add(
                        "the source "
                                + world.migration().source()
                                + " is deleted: nothing of ours can be there");
            }
            left.addAll(new ServerTraces(Trace.TARGET, target("postgres")).all());
            identities(Trace.TARGET, this::target);
            superuserAccess();
        } catch (SQLException e) {
            throw new SwitchbackException(
                    new Problem(
                            Code.CLEAN_UNREAD,
                            world.migration().display(),
                            "what of ours is left cannot be read: " + Pg.words(e),
                            "mend what the server says, then run it again"),
                    e);
        }
        left.addAll(new KubernetesTraces(world).all());
        if (journal.isEmpty()) {
            notes.add(
                    "no journal: whether wal_level, replica identities and superuser access are as"
                            + " before the migration is not known");
        }
        keep();
        return new Found(List.copyOf(left), List.copyOf(kept), List.copyOf(notes));
    }

    /** Whether the source's object is there. */
    public static boolean sourceThere(World world) {
        return world.source().exists();
    }

    private boolean sourceThere() {
        return sourceThere(world);
    }

    private ConnectionSpec source(String database) {
        return world.source(database, "verify-clean");
    }

    private ConnectionSpec target(String database) {
        return world.targetReader(database, "verify-clean");
    }

    /** Patroni's copies of our slots on the source's replicas. */
    private void ofReplicas() throws SQLException {
        for (ConnectionSpec replica :
                world.source().replicas("switchback/" + world.runId() + "/verify-clean")) {
            try (Connection session = Pg.open(replica)) {
                for (String slot :
                        Sql.list(
                                session,
                                "SELECT slot_name FROM pg_replication_slots WHERE starts_with(slot_name, 'switchback_')",
                                row -> row.getString(1))) {
                    left.add(Trace.left(Trace.SOURCE, "slot", slot + " on " + replica.host()));
                }
            }
        }
    }

    private void closedDatabases() throws SQLException {
        try (Connection session = Pg.open(source("postgres"))) {
            for (String database :
                    Sql.list(
                            session,
                            "SELECT datname FROM pg_database WHERE datconnlimit = 0 ORDER BY 1",
                            row -> row.getString(1))) {
                if (world.migration().databases().isEmpty()
                        || world.migration().databases().contains(database)) {
                    kept.add(
                            Trace.left(Trace.SOURCE, "closed database", database)
                                    .kept(CloseSource.WHY));
                }
            }
        }
    }

    private Facts captured(String step) {
        return journal.flatMap(j -> j.step(step))
                .filter(r -> !r.found())
                .map(StepRecord::captured)
                .orElse(Facts.NONE);
    }

    private void walLevel() throws SQLException {
        try (Connection session = Pg.open(source("postgres"))) {
            world.source()
                    .enableLogical()
                    .notBack(
                            captured("enable-logical-wal").values(),
                            Sql.one(session, "SHOW wal_level"))
                    .ifPresent(what -> left.add(Trace.left(Trace.SOURCE, "setting", what)));
        }
    }

    private void identities(String side, java.util.function.Function<String, ConnectionSpec> login)
            throws SQLException {
        for (Identities.Changed changed :
                new Identities(captured("set-replica-identity")).changed(login)) {
            Trace trace =
                    Trace.left(
                            side, "replica identity", changed.database() + ": " + changed.table());
            if (changed.published()) {
                kept.add(trace.kept(RestoreIdentities.PUBLISHED));
            } else {
                left.add(trace);
            }
        }
    }

    private void superuserAccess() {
        captured("enable-target-superuser")
                .get("enableSuperuserAccess")
                .filter(before -> !before.equals(world.target().superuserAccessAsWritten()))
                .ifPresent(before ->
                        left.add(
                                Trace.left(
                                        Trace.TARGET,
                                        "Cluster setting",
                                        "enableSuperuserAccess is "
                                                + world.target().superuserAccessAsWritten()
                                                + ", it was "
                                                + (before.isEmpty() ? "not set" : before))));
    }

    /** What is left on purpose once the migration is over, and the journal always. */
    private void keep() {
        String record = world.migration().namespace() + "/switchback-" + world.migration().name();
        left.stream()
                .filter(t -> t.kind().equals("ConfigMap") && t.name().equals(record))
                .toList()
                .forEach(t -> {
                    left.remove(t);
                    kept.add(
                            t.kept(
                                    "the journal: the record of what was done, for 'switchback report';"
                                            + " delete it when nobody asks any more"));
                });
        List<KubeObject> volumes = sourceThere() ? List.of() : world.source().volumes();
        for (KubeObject volume : volumes) {
            kept.add(
                    Trace.left(
                                    Trace.KUBERNETES,
                                    "PersistentVolumeClaim",
                                    volume.display()
                                            + " "
                                            + volume.spec()
                                                    .path("resources")
                                                    .path("requests")
                                                    .path("storage")
                                                    .asText("of unknown size"))
                            .kept(
                                    "the operator keeps the deleted source's volumes: they hold its data and"
                                            + " cost their size until somebody deletes them"));
        }
        othersMigrations();
    }

    /** Links of another migration whose journal lies beside ours are not ours. */
    private void othersMigrations() {
        Map<String, String> others = OtherMigrations.roles(world);
        left.stream()
                .filter(t -> others.keySet().stream().anyMatch(role -> t.name().contains(role)))
                .toList()
                .forEach(t -> {
                    left.remove(t);
                    kept.add(
                            t.kept(
                                    "of migration "
                                            + others.entrySet().stream()
                                                    .filter(e -> t.name().contains(e.getKey()))
                                                    .findFirst()
                                                    .orElseThrow()
                                                    .getValue()));
                });
    }
}
