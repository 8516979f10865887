package dev.switchback.diagnose;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.steps.World;
import dev.switchback.workload.WriterEnvironment;
import dev.switchback.workload.WriterEnvironment.Login;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Logs in as the applications do, through the Services that they name and straight at the primary,
 * so that one can tell the pooler's fault from the server's; asks a pooler's console where the
 * login may; and reads what the target says of these roles.
 */
final class LoginLook implements Look {
    @Override
    public String name() {
        return "the applications' logins";
    }

    @Override
    public Set<Symptom> symptoms() {
        return Set.of(Symptom.CONNECT, Symptom.PERFORMANCE);
    }

    /** A login of the applications, and which side its host is. */
    private record Way(String service, boolean target, ConnectionSpec login) {}

    @Override
    public void take(World world, Evidence evidence) throws InterruptedException {
        Map<String, Way> ways = new LinkedHashMap<>();
        for (WriterRef ref : world.writers().refs()) {
            evidence.tried("logins of " + ref, () -> logins(world, ref, ways));
        }
        ways.forEach((who, way) -> attempt(who, way, evidence));
        if (evidence.situation().switched()) {
            evidence.tried("the applications' roles", () -> roles(world, ways, evidence));
            ways.values().stream()
                    .filter(Way::target)
                    .filter(w ->
                            evidence.of(Topic.POOLER).anyMatch(p -> p.object().equals(w.service)))
                    .findFirst()
                    .ifPresent(w -> console(w, evidence));
        }
    }

    private static boolean logins(World world, WriterRef ref, Map<String, Way> ways) {
        KubeObject object = world.writers().object(ref);
        WriterEnvironment environment = world.writerEnvironment();
        for (Login login : environment.logins(environment.of(ref, object))) {
            if (login.user().isEmpty() || login.password().isEmpty()) {
                continue;
            }
            String role = login.user().get();
            String database = login.database().orElse(role);
            String service = login.host().split("\\.", 2)[0];
            boolean target = world.endpointNames().namesIn(login.host()).isEmpty();
            Secret secret = login.password().get();
            ways.computeIfAbsent(
                    role + " on " + database + " through " + service,
                    who ->
                            new Way(
                                    service,
                                    target,
                                    spec(world, service, target, role, database, secret)));
        }
        return true;
    }

    private static ConnectionSpec spec(
            World world, String service, boolean target, String role, String database, Secret key) {
        String application = "switchback/" + world.runId() + "/diagnose";
        return target
                ? world.target()
                        .through(service, world.target().spec(database, role, key, application))
                : world.source().through(service, database, role, key, application);
    }

    private static void attempt(String who, Way way, Evidence evidence) {
        long from = System.nanoTime();
        try (Connection session = Pg.open(way.login)) {
            String standby = Sql.one(session, "SELECT pg_is_in_recovery()");
            evidence.saw(
                    Topic.LOGIN,
                    who,
                    "service",
                    way.service,
                    "side",
                    way.target ? "target" : "source",
                    "ok",
                    "true",
                    "standby",
                    standby.equals("t") ? "true" : "false",
                    "millis",
                    String.valueOf((System.nanoTime() - from) / 1_000_000));
        } catch (SwitchbackException e) {
            refused(who, way, Refusal.of(e), evidence);
        } catch (SQLException e) {
            refused(
                    who,
                    way,
                    new Refusal("", String.valueOf(e.getSQLState()), Pg.words(e)),
                    evidence);
        }
    }

    private static void refused(String who, Way way, Refusal why, Evidence evidence) {
        evidence.saw(
                Topic.LOGIN,
                who,
                "service",
                way.service,
                "side",
                way.target ? "target" : "source",
                "role",
                way.login.user(),
                "database",
                way.login.database(),
                "ok",
                "false",
                "code",
                why.code(),
                "state",
                why.state(),
                "words",
                why.words());
    }

    private static boolean roles(World world, Map<String, Way> ways, Evidence evidence)
            throws SQLException {
        List<String> names = ways.values().stream().map(w -> w.login.user()).distinct().toList();
        try (Connection target = Pg.open(world.targetReader("postgres", "diagnose"))) {
            for (String role : names) {
                Optional<String[]> row =
                        Sql.list(
                                        target,
                                        """
                                        SELECT rolcanlogin, rolconnlimit, rolvaliduntil::text,
                                               rolvaliduntil < now(),
                                               (SELECT count(*) FROM pg_stat_activity WHERE usename = rolname)
                                        FROM pg_roles WHERE rolname = ?
                                        """,
                                        r ->
                                                new String[] {
                                                    String.valueOf(r.getBoolean(1)),
                                                    r.getString(2),
                                                    r.getString(3) == null ? "" : r.getString(3),
                                                    String.valueOf(r.getBoolean(4)),
                                                    r.getString(5)
                                                },
                                        role)
                                .stream()
                                .findFirst();
                evidence.saw(
                        Topic.ROLE,
                        role,
                        "exists",
                        String.valueOf(row.isPresent()),
                        "canLogin",
                        row.map(r -> r[0]).orElse(""),
                        "connectionLimit",
                        row.map(r -> r[1]).orElse(""),
                        "validUntil",
                        row.map(r -> r[2]).orElse(""),
                        "expired",
                        row.map(r -> r[3]).orElse(""),
                        "sessions",
                        row.map(r -> r[4]).orElse(""));
            }
        }
        return true;
    }

    /** PgBouncer shows its pools to its admins and to users that it was told of. */
    private static void console(Way way, Evidence evidence) {
        String what = "the console of pooler " + way.service;
        try (Connection console = Pg.openForScripts(way.login.withDatabase("pgbouncer"))) {
            Sql.list(
                    console,
                    "SHOW POOLS",
                    row -> {
                        evidence.saw(
                                Topic.POOL,
                                way.service
                                        + " "
                                        + row.getString("database")
                                        + " "
                                        + row.getString("user"),
                                "waiting",
                                row.getString("cl_waiting"),
                                "active",
                                row.getString("sv_active"),
                                "idle",
                                row.getString("sv_idle"),
                                "maxwait",
                                row.getString("maxwait"));
                        return 0;
                    });
        } catch (SwitchbackException e) {
            evidence.without(what, e.problem().what());
        } catch (SQLException e) {
            evidence.without(what, Pg.words(e));
        }
    }
}
