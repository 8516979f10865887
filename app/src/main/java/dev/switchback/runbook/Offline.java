package dev.switchback.runbook;

import static dev.switchback.engine.Phase.CHECK;
import static dev.switchback.engine.Phase.CUTOVER;
import static dev.switchback.engine.Phase.PREPARE;
import static dev.switchback.engine.Phase.SETTLE;

import dev.switchback.engine.Runbook;
import dev.switchback.steps.World;
import dev.switchback.steps.access.EnableTargetSuperuser;
import dev.switchback.steps.backup.TakeBackup;
import dev.switchback.steps.data.AnalyzeTarget;
import dev.switchback.steps.data.CopyLargeObjects;
import dev.switchback.steps.data.CopyTables;
import dev.switchback.steps.endpoints.SwitchEndpoints;
import dev.switchback.steps.fence.FenceGuard;
import dev.switchback.steps.fence.FenceSource;
import dev.switchback.steps.fence.LargeObjectReading;
import dev.switchback.steps.fence.ProveQuiet;
import dev.switchback.steps.link.CreateReverseLink;
import dev.switchback.steps.link.SetReplicaIdentity;
import dev.switchback.steps.probe.ProbeAsApplication;
import dev.switchback.steps.proof.PinSnapshots;
import dev.switchback.steps.proof.RecordBaseline;
import dev.switchback.steps.proof.ValidateBasics;
import dev.switchback.steps.proof.VerifyContent;
import dev.switchback.steps.replication.CheckPaths;
import dev.switchback.steps.roles.AlignOwnerSecret;
import dev.switchback.steps.roles.CopyRolesClosed;
import dev.switchback.steps.roles.OpenTarget;
import dev.switchback.steps.roles.TargetClosedGuard;
import dev.switchback.steps.schema.BuildIndexes;
import dev.switchback.steps.schema.CopyDatabaseGrants;
import dev.switchback.steps.schema.CreateSchema;
import dev.switchback.steps.schema.PrepareTargetDatabases;
import dev.switchback.steps.sequences.CopySequences;
import dev.switchback.steps.timing.PredictDurations;
import dev.switchback.steps.validation.ValidateMigration;
import dev.switchback.steps.writers.StartWriters;
import dev.switchback.steps.writers.StopWriters;
import dev.switchback.steps.writers.WritersGuard;

/** The guide's offline migration: copy while the writers are stopped. */
public final class Offline {
    private Offline() {}

    public static Runbook of(World world) {
        return Runbook.named("offline")
                .phase(CHECK, CommonChecks.of(world, () -> of(world)))
                .phase(CHECK, CheckPaths.ofTheWayBack(world))
                .phase(
                        PREPARE,
                        new PredictDurations(world, () -> of(world)),
                        new EnableTargetSuperuser(world),
                        // needs the target's superuser for its proof; before anything else is made
                        TakeBackup.atPrepare(world),
                        new PrepareTargetDatabases(world),
                        new CopyRolesClosed(world),
                        // only once the owner cannot log in: it now gets the password that the
                        // applications know
                        new AlignOwnerSecret(world),
                        SetReplicaIdentity.wherePossible(world),
                        CreateSchema.forOneAttempt(world),
                        new CopyDatabaseGrants(world),
                        new RecordBaseline(world))
                .phase(
                        CUTOVER,
                        new StopWriters(world),
                        new FenceSource(world),
                        TakeBackup.atFence(world, new LargeObjectReading(world)::during),
                        new CopyTables(world),
                        BuildIndexes.inDowntime(world),
                        CopySequences.exactly(world),
                        CopyLargeObjects.forth(world),
                        AnalyzeTarget.inDowntime(world),
                        new ValidateBasics(world),
                        new CreateReverseLink(world),
                        new SwitchEndpoints(world),
                        ProveQuiet.ofSource(world),
                        new PinSnapshots(world),
                        new OpenTarget(world),
                        new StartWriters(world),
                        new ProbeAsApplication(world))
                .phase(SETTLE, new VerifyContent(world), new ValidateMigration(world))
                .guard(new WritersGuard(world, OpenTarget.ID))
                .guard(FenceGuard.ofSource(world, OpenTarget.ID))
                .guard(new TargetClosedGuard(world, OpenTarget.ID))
                .scope("content", PinSnapshots.ID, OpenTarget.ID)
                .commitAt(OpenTarget.ID)
                .build();
    }
}
