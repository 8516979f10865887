package dev.switchback.lab.kube;

import java.util.Map;

/**
 * The two database servers a {@link MastodonCluster} is built around.
 *
 * @param sourceAddress loopback address of the Zalando cluster's server, port 5432
 * @param replicaAddress of the Zalando cluster's second server, port 5432
 * @param targetAddress of the CloudNativePG cluster's server, port 5432
 * @param standbyAddress of the CloudNativePG cluster's second instance, port 5432
 * @param sourceCaPem certificate authority of the source, PEM
 * @param targetCaPem certificate authority of the target, PEM
 * @param sourcePasswords by role: {@code postgres}, {@code mastodon}, {@code standby}, {@code
 *     pooler}; a role without one gets a password nobody knows
 * @param targetPassword of {@code mastodon}, the owner of the database on the target
 * @param sourceMajor PostgreSQL major of the source, as in 15
 * @param targetMajor PostgreSQL major of the target
 */
public record Databases(
        String sourceAddress,
        String replicaAddress,
        String targetAddress,
        String standbyAddress,
        String sourceCaPem,
        String targetCaPem,
        Map<String, String> sourcePasswords,
        String targetPassword,
        int sourceMajor,
        int targetMajor) {
    /** Without second servers: the read-only Services lead to the only one. */
    public Databases(
            String sourceAddress,
            String targetAddress,
            String sourceCaPem,
            String targetCaPem,
            Map<String, String> sourcePasswords,
            String targetPassword,
            int sourceMajor,
            int targetMajor) {
        this(
                sourceAddress,
                sourceAddress,
                targetAddress,
                targetAddress,
                sourceCaPem,
                targetCaPem,
                sourcePasswords,
                targetPassword,
                sourceMajor,
                targetMajor);
    }

    String sourcePassword(String role) {
        return sourcePasswords.getOrDefault(role, "unknown-" + role);
    }

    /** Without the passwords. */
    @Override
    public String toString() {
        return "PostgreSQL %d at %s to PostgreSQL %d at %s"
                .formatted(sourceMajor, sourceAddress, targetMajor, targetAddress);
    }
}
