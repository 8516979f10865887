package dev.switchback.fence;

import java.util.Set;

/**
 * Sessions in the migrated databases that the fence does not end as long as they have not written:
 * they watch, they do not serve an application. They are reported in {@link FenceProof#spared()},
 * and the triggers refuse their writes like anybody's.
 *
 * @param roles by login role, for example an exporter's
 * @param superuserApplications by {@code application_name}, believed of superusers only, because
 *     any client can choose its name
 */
public record Spared(Set<String> roles, Set<String> superuserApplications) {
    /** Patroni, the exporters and Zalando's monitoring robot. */
    public static final Spared DEFAULT =
            new Spared(
                    Set.of("postgres_exporter", "cnpg_metrics_exporter", "robot_zmon"),
                    Set.of(
                            "Patroni",
                            "Patroni heartbeat",
                            "Patroni restapi",
                            "postgres_exporter",
                            "cnpg_metrics_exporter"));

    public Spared {
        roles = Set.copyOf(roles);
        superuserApplications = Set.copyOf(superuserApplications);
    }
}
