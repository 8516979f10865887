package dev.switchback.runbook;

import static dev.switchback.engine.Phase.CHECK;
import static dev.switchback.engine.Phase.CUTOVER;
import static dev.switchback.engine.Phase.PREPARE;
import static dev.switchback.engine.Phase.SETTLE;
import static dev.switchback.engine.Phase.SYNC;

import dev.switchback.engine.Runbook;
import dev.switchback.steps.World;
import dev.switchback.steps.access.EnableTargetSuperuser;
import dev.switchback.steps.backup.TakeBackup;
import dev.switchback.steps.data.AnalyzeTarget;
import dev.switchback.steps.data.CopyLargeObjects;
import dev.switchback.steps.data.CopyUnlogged;
import dev.switchback.steps.data.RefreshMaterializedViews;
import dev.switchback.steps.endpoints.SwitchEndpoints;
import dev.switchback.steps.fence.FenceGuard;
import dev.switchback.steps.fence.FenceSource;
import dev.switchback.steps.fence.ProveQuiet;
import dev.switchback.steps.link.CatchUp;
import dev.switchback.steps.link.CreateReplicationRole;
import dev.switchback.steps.link.CreateReverseLink;
import dev.switchback.steps.link.CreateSlot;
import dev.switchback.steps.link.DisableLink;
import dev.switchback.steps.link.DrainLink;
import dev.switchback.steps.link.DriftGuard;
import dev.switchback.steps.link.DropForwardLink;
import dev.switchback.steps.link.LinkGuard;
import dev.switchback.steps.link.PauseGuard;
import dev.switchback.steps.link.PublishTables;
import dev.switchback.steps.link.SeedGuard;
import dev.switchback.steps.link.SeedTables;
import dev.switchback.steps.link.SetReplicaIdentity;
import dev.switchback.steps.link.Subscribe;
import dev.switchback.steps.probe.ProbeAsApplication;
import dev.switchback.steps.proof.PinSnapshots;
import dev.switchback.steps.proof.RecordBaseline;
import dev.switchback.steps.proof.ValidateCut;
import dev.switchback.steps.proof.VerifyContent;
import dev.switchback.steps.replication.CheckIdentities;
import dev.switchback.steps.replication.CheckLogicalWal;
import dev.switchback.steps.replication.CheckPaths;
import dev.switchback.steps.replication.CheckReplicable;
import dev.switchback.steps.roles.AlignOwnerSecret;
import dev.switchback.steps.roles.CopyRolesClosed;
import dev.switchback.steps.roles.OpenTarget;
import dev.switchback.steps.roles.TargetClosedGuard;
import dev.switchback.steps.schema.BuildIndexes;
import dev.switchback.steps.schema.CopyDatabaseGrants;
import dev.switchback.steps.schema.CreateSchema;
import dev.switchback.steps.schema.PrepareTargetDatabases;
import dev.switchback.steps.sequences.CopySequences;
import dev.switchback.steps.slots.EnableLogicalWal;
import dev.switchback.steps.slots.ProtectSlot;
import dev.switchback.steps.slots.ReleaseSlot;
import dev.switchback.steps.timing.PredictDurations;
import dev.switchback.steps.validation.ValidateMigration;
import dev.switchback.steps.writers.StartWriters;
import dev.switchback.steps.writers.StopWriters;
import dev.switchback.steps.writers.WritersGuard;

/**
 * The online migration: copied while the applications write, then followed until they are stopped
 * for seconds. The cutover, which loses nothing:
 *
 * <ol>
 *   <li>Writers stopped, source fenced: nothing is committed on the source any more.
 *   <li>The link drained to a position behind the fence, and the marker seen on the target.
 *   <li>What no link carries: sequences, large objects, unlogged tables, materialized views.
 *   <li>Both sides compared as far as the pause allows; then the link is turned round, and the
 *       source follows the target before anybody can write there.
 *   <li>Endpoints switched, the source proven quiet since the fence, the target opened: the commit
 *       point. Before it everything goes back by itself and the link follows again.
 * </ol>
 */
public final class Online {
    private Online() {}

    public static Runbook of(World world) {
        return Runbook.named("online")
                .phase(CHECK, CommonChecks.of(world, () -> of(world)))
                .phase(
                        CHECK,
                        new CheckLogicalWal(world),
                        new CheckIdentities(world),
                        new CheckReplicable(world),
                        CheckPaths.bothWays(world))
                .phase(
                        PREPARE,
                        new PredictDurations(world, () -> of(world)),
                        new EnableTargetSuperuser(world),
                        TakeBackup.atPrepare(world),
                        new PrepareTargetDatabases(world),
                        new CopyRolesClosed(world),
                        new AlignOwnerSecret(world),
                        new EnableLogicalWal(world),
                        SetReplicaIdentity.everywhere(world),
                        new CreateReplicationRole(world),
                        // complete before there is a slot: no table is ever added to it
                        new PublishTables(world))
                .phase(
                        SYNC,
                        CreateSchema.kept(world),
                        new CopyDatabaseGrants(world),
                        new RecordBaseline(world),
                        new CreateSlot(world),
                        new SeedTables(world),
                        BuildIndexes.besideWriters(world),
                        AnalyzeTarget.besideWriters(world),
                        new ProtectSlot(world),
                        new Subscribe(world),
                        CatchUp.afterSeed(world))
                .phase(
                        CUTOVER,
                        CatchUp.beforeCutover(world),
                        new StopWriters(world),
                        new FenceSource(world),
                        DrainLink.forward(world),
                        CopySequences.beyond(world),
                        CopyLargeObjects.forth(world),
                        CopyUnlogged.forth(world),
                        RefreshMaterializedViews.forth(world),
                        ValidateCut.forth(world),
                        DisableLink.forward(world),
                        new CreateReverseLink(world),
                        new SwitchEndpoints(world),
                        ProveQuiet.ofSource(world),
                        new PinSnapshots(world),
                        new OpenTarget(world),
                        new StartWriters(world),
                        new ProbeAsApplication(world))
                .phase(
                        SETTLE,
                        // Patroni first: it would make a slot again that it still keeps
                        new ReleaseSlot(world),
                        new DropForwardLink(world),
                        new VerifyContent(world),
                        new ValidateMigration(world))
                .guard(new SeedGuard(world))
                .guard(new LinkGuard(world))
                .guard(new DriftGuard(world))
                .guard(new WritersGuard(world, OpenTarget.ID))
                .guard(FenceGuard.ofSource(world, OpenTarget.ID))
                .guard(new PauseGuard(world))
                .guard(new TargetClosedGuard(world, OpenTarget.ID))
                .scope(
                        "seed",
                        "create-schema",
                        "copy-database-grants",
                        RecordBaseline.ID,
                        CreateSlot.ID,
                        SeedTables.ID)
                .scope("content", PinSnapshots.ID, OpenTarget.ID)
                .commitAt(OpenTarget.ID)
                .build();
    }
}
