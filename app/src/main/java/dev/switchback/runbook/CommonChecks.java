package dev.switchback.runbook;

import dev.switchback.engine.Runbook;
import dev.switchback.engine.Step;
import dev.switchback.steps.World;
import dev.switchback.steps.access.CheckAccess;
import dev.switchback.steps.access.CheckExtensions;
import dev.switchback.steps.access.CheckSource;
import dev.switchback.steps.access.CheckTarget;
import dev.switchback.steps.access.CheckTls;
import dev.switchback.steps.access.CheckTools;
import dev.switchback.steps.backup.CheckBackup;
import dev.switchback.steps.checks.CheckData;
import dev.switchback.steps.checks.CheckDuplicates;
import dev.switchback.steps.checks.CheckLocale;
import dev.switchback.steps.checks.CheckPrivileges;
import dev.switchback.steps.checks.CheckSettings;
import dev.switchback.steps.cluster.CheckActivity;
import dev.switchback.steps.cluster.CheckApplications;
import dev.switchback.steps.cluster.CheckCapacity;
import dev.switchback.steps.cluster.CheckClients;
import dev.switchback.steps.cluster.CheckControllers;
import dev.switchback.steps.cluster.CheckNodes;
import dev.switchback.steps.cluster.CheckPoolers;
import dev.switchback.steps.cluster.CheckSchedules;
import dev.switchback.steps.endpoints.CheckEndpoints;
import dev.switchback.steps.roles.CheckRoles;
import dev.switchback.steps.timing.CheckAnnouncements;
import dev.switchback.steps.timing.CheckWindow;
import dev.switchback.steps.validation.CheckReadOnlyEndpoint;
import dev.switchback.steps.writers.CheckWriters;
import java.util.function.Supplier;

/** The checks of every strategy, in the order in which people read them. */
final class CommonChecks {
    private CommonChecks() {}

    /**
     * @param self the runbook they belong to, for what it will take
     */
    static Step[] of(World world, Supplier<Runbook> self) {
        return new Step[] {
            new CheckAccess(world),
            new CheckSource(world),
            new CheckTarget(world),
            new CheckTools(world),
            new CheckPrivileges(world),
            new CheckTls(world),
            new CheckBackup(world),
            new CheckExtensions(world),
            new CheckLocale(world),
            new CheckRoles(world),
            new CheckSettings(world),
            new CheckData(world),
            new CheckDuplicates(world),
            new CheckWriters(world),
            new CheckClients(world),
            new CheckApplications(world),
            new CheckControllers(world),
            new CheckNodes(world),
            new CheckPoolers(world),
            new CheckSchedules(world),
            new CheckCapacity(world),
            new CheckActivity(world),
            new CheckEndpoints(world),
            new CheckReadOnlyEndpoint(world),
            new CheckWindow(world, self),
            new CheckAnnouncements(world, self)
        };
    }
}
