package dev.switchback.steps;

import dev.switchback.cnpg.CnpgCluster;
import dev.switchback.kube.Kube;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.spec.Migration;
import dev.switchback.store.cluster.CapturedValues;
import dev.switchback.workload.ApplyCommand;
import dev.switchback.workload.EndpointFiles;
import dev.switchback.workload.EndpointNames;
import dev.switchback.workload.Endpoints;
import dev.switchback.workload.WriterEndpoints;
import dev.switchback.workload.WriterEnvironment;
import dev.switchback.workload.Writers;
import dev.switchback.zalando.ZalandoCluster;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Everything the steps of one migration work with. Holds no facts but which databases are moved:
 * those are read afresh or come from the journal.
 *
 * @param workFolder private scratch folder of this process, for dumps and CA files
 * @param sessions sessions that must outlive a step; they die with this process
 * @param listed the source's databases, read at most once a process
 * @param clock what all waits and windows are measured by; a drill makes it run fast
 */
public record World(
        Migration migration,
        String runId,
        Kube kube,
        Kube targetKube,
        ZalandoCluster source,
        CnpgCluster target,
        Writers writers,
        Endpoints endpoints,
        ApplyCommand apply,
        CapturedValues captured,
        Exclusions exclusions,
        Path workFolder,
        HeldSessions sessions,
        SourceDatabases listed,
        InstantSource clock) {

    /** The superuser on the source's primary. */
    public ConnectionSpec source(String database, String step) {
        return source.superuser(database, "switchback/" + runId + "/" + step);
    }

    /** The superuser on the target's primary; needs superuser access to be on. */
    public ConnectionSpec target(String database, String step) {
        return target.requireSuperuser(database, "switchback/" + runId + "/" + step);
    }

    /** The best reader of the target there is without changing anything. */
    public ConnectionSpec targetReader(String database, String step) {
        return target.reader(database, "switchback/" + runId + "/" + step);
    }

    /**
     * The databases to move: the document's, or all of the source but the operators' own. All steps
     * of one process move the same ones: a database created meanwhile has no definitions on the
     * target, and waits for the next run.
     */
    public List<String> databases() {
        if (!migration.databases().isEmpty()) {
            return migration.databases();
        }
        return listed.names(() -> source("postgres", "databases"));
    }

    public EndpointNames endpointNames() {
        return new EndpointNames(
                migration.endpoints().map(),
                migration.source().namespace(),
                migration.target().namespace());
    }

    public EndpointFiles endpointFiles() {
        return new EndpointFiles(migration, endpointNames());
    }

    public WriterEndpoints writerEndpoints() {
        return new WriterEndpoints(writers, writerEnvironment(), endpointNames());
    }

    public WriterEnvironment writerEnvironment() {
        return new WriterEnvironment(kube, endpointNames());
    }
}
