package dev.switchback.steps;

import dev.switchback.cnpg.CnpgCluster;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Everything the steps of one migration work with. Holds no facts: those are read afresh or come
 * from the journal.
 *
 * @param workFolder private scratch folder of this process, for dumps and CA files
 * @param sessions sessions that must outlive a step; they die with this process
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
        HeldSessions sessions) {

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

    /** The databases to move: the document's, or all of the source but the operators' own. */
    public List<String> databases() {
        if (!migration.databases().isEmpty()) {
            return migration.databases();
        }
        try (Connection connection = Pg.open(source("postgres", "databases"))) {
            return Sql.list(
                    connection,
                    """
                    SELECT datname FROM pg_database
                    WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres' ORDER BY datname
                    """,
                    row -> row.getString(1));
        } catch (SQLException e) {
            throw new SwitchbackException(
                    Code.PG_FAILED,
                    source.display(),
                    "listing its databases failed: " + Pg.words(e),
                    "try again");
        }
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
