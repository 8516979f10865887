package dev.switchback.steps.replication;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The line of a server's {@code pg_hba.conf} that decides about a login.
 *
 * @param line its number
 * @param method {@code scram-sha-256}, {@code reject}…
 */
record HbaRule(int line, String method) {
    /** What a subscription's password serves for, or needs none. */
    private static final Set<String> BY_PASSWORD =
            Set.of("scram-sha-256", "md5", "password", "trust");

    boolean admits() {
        return BY_PASSWORD.contains(method);
    }

    /**
     * The first that speaks about a TLS session of a role from an address; empty when none does,
     * which is a refusal too. Needs the superuser.
     *
     * @param address of the client, numeric
     */
    static Optional<HbaRule> first(Connection server, String database, String role, String address)
            throws SQLException {
        List<HbaRule> rules =
                Sql.list(
                        server,
                        Sql.resource(HbaRule.class, "admitting-rule.sql"),
                        row -> new HbaRule(row.getInt(1), row.getString(2)),
                        database,
                        role,
                        address);
        return rules.stream().findFirst();
    }
}
