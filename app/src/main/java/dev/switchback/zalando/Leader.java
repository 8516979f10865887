package dev.switchback.zalando;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.zalando.Patroni.Member;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The server of a source that is written to now, by Patroni and by its own word. A subscription is
 * pinned to this address, so that a failover stops it instead of letting it skip rows silently
 * (facts/patroni-lab.md §5 rule 1).
 *
 * @param pod that holds Patroni's leader lock
 * @param address of the pod
 * @param timeline it writes
 * @param systemIdentifier of its data directory
 */
public record Leader(String pod, String address, long timeline, String systemIdentifier) {

    /**
     * A fresh look.
     *
     * @throws SwitchbackException LEADER_UNKNOWN when Patroni names none, its pod has no address,
     *     or its server is in recovery, as during a failover; what {@link Pg#open} throws;
     *     PG_FAILED
     */
    public static Leader read(ZalandoCluster cluster, String applicationName) {
        Patroni patroni =
                cluster.patroni()
                        .orElseThrow(
                                () -> unknown(cluster, "Patroni has left no leader in Kubernetes"));
        Member member =
                patroni.leaderMember()
                        .orElseThrow(() ->
                                unknown(
                                        cluster,
                                        "Patroni's leader '"
                                                + patroni.leader()
                                                + "' is not among the pods"));
        if (member.address().isEmpty()) {
            throw unknown(cluster, "pod " + member.name() + " has no address");
        }
        try (Connection connection =
                Pg.open(cluster.superuserAt(member.address(), "postgres", applicationName))) {
            if (Sql.one(connection, "SELECT pg_is_in_recovery()").equals("t")) {
                throw unknown(
                        cluster,
                        "Patroni names "
                                + member.name()
                                + " as leader, but its server is in recovery");
            }
            return new Leader(
                    member.name(),
                    member.address(),
                    TimelineHistory.currentTimeline(connection),
                    Sql.one(connection, "SELECT system_identifier FROM pg_control_system()"));
        } catch (SQLException e) {
            throw new SwitchbackException(
                    Code.PG_FAILED,
                    cluster.display(),
                    "reading the leader's timeline failed: " + Pg.words(e),
                    "try again");
        }
    }

    private static SwitchbackException unknown(ZalandoCluster cluster, String what) {
        return new SwitchbackException(
                Code.LEADER_UNKNOWN,
                cluster.display(),
                what,
                "kubectl get pods -n "
                        + cluster.namespace()
                        + " -l application=spilo,cluster-name="
                        + cluster.name()
                        + " -L spilo-role, and wait until one is the leader");
    }
}
