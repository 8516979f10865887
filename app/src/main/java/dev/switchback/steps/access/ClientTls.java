package dev.switchback.steps.access;

import dev.switchback.cnpg.CnpgSettings;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeMap;

/**
 * How the applications' sessions are protected today, against the least that the target accepts.
 * Sessions through a pooler show the pooler's own TLS, so this finds what it can see.
 */
final class ClientTls {
    private static final String FLOOR = "ssl_min_protocol_version";

    private final World world;
    private final String step;

    ClientTls(World world, String step) {
        this.world = world;
        this.step = step;
    }

    private record Sessions(String user, String application, String version, long count) {
        String words() {
            return count + " session(s) of " + user + " (" + application + ")";
        }
    }

    void look(Findings findings) throws SQLException {
        CnpgSettings settings = new CnpgSettings(world.target().object());
        String floor = settings.parameter(FLOOR);
        findings.saw("targetFloor", floor);
        try (Connection source = Pg.open(world.source("postgres", step))) {
            String ceiling = Sql.one(source, "SHOW ssl_max_protocol_version");
            TreeMap<String, Long> versions = new TreeMap<>();
            for (Sessions sessions : sessions(source)) {
                versions.merge(sessions.version(), sessions.count(), Long::sum);
                if (sessions.version().equals("plain")) {
                    plain(sessions, settings.refusesPlain(), findings);
                } else if (sessions.version().compareTo(floor) < 0) {
                    old(sessions, floor, ceiling, findings);
                }
            }
            findings.saw("applications", versions.toString());
        }
    }

    private List<Sessions> sessions(Connection source) throws SQLException {
        return Sql.list(
                source,
                Sql.resource(ClientTls.class, "application-sessions.sql"),
                row ->
                        new Sessions(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getLong(4)),
                source.createArrayOf("text", world.databases().toArray()),
                source.createArrayOf("text", world.exclusions().roles().toArray()));
    }

    private void plain(Sessions sessions, boolean refused, Findings findings) {
        Problem problem =
                new Problem(
                        Code.TLS_FLOOR,
                        sessions.user(),
                        sessions.words() + " are not encrypted",
                        "give the applications sslmode=require or better",
                        refused
                                ? "a rule of the target's pg_hba turns plain connections away"
                                : "CloudNativePG accepts them, but passwords and rows cross the network in clear");
        if (refused) {
            findings.block(problem);
        } else {
            findings.warn(problem);
        }
    }

    private static void old(Sessions sessions, String floor, String ceiling, Findings findings) {
        String what =
                sessions.words()
                        + " speak "
                        + sessions.version()
                        + "; the target accepts "
                        + floor
                        + " and newer";
        String remedy =
                "update the applications' driver or OpenSSL, or set spec.postgresql.parameters."
                        + FLOOR
                        + ": "
                        + sessions.version()
                        + " on the Cluster";
        if (!ceiling.isEmpty() && ceiling.compareTo(floor) < 0) {
            findings.warn(
                    new Problem(
                            Code.TLS_FLOOR,
                            sessions.user(),
                            what + "; the source itself goes no higher than " + ceiling,
                            "try one of the applications against the target, or " + remedy,
                            "whether they can speak it cannot be seen here"));
            return;
        }
        findings.block(
                new Problem(
                        Code.TLS_FLOOR,
                        sessions.user(),
                        what,
                        remedy,
                        "the source would have spoken newer too, so these clients cannot, and none could log in"));
    }
}
