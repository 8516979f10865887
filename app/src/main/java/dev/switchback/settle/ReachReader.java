package dev.switchback.settle;

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
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether the database answers where the applications look for it: a login with host, role,
 * password and database of each writer's environment, each different one once. What is refused or
 * silent is a value, not an unread reading.
 */
final class ReachReader implements Reader {
    static final String NAME = "reach";

    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final World world;

    ReachReader(World world) {
        this.world = world;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void read(Look look, Past past) {
        WriterEnvironment environment = world.writerEnvironment();
        Set<String> asked = new HashSet<>();
        for (WriterRef ref : world.writers().refs()) {
            KubeObject object = world.writers().object(ref);
            Map<String, Secret> env = environment.of(ref, object);
            for (Login login : environment.logins(env)) {
                if (login.user().isPresent()
                        && login.password().isPresent()
                        && asked.add(login.host() + " " + login.user().get())) {
                    ask(look, ref, login);
                }
            }
        }
        reach(look, "source", world.source("postgres", "watch"), world.source().name());
        reach(
                look,
                "target",
                world.target("postgres", "watch"),
                world.migration().target().cluster() + "-rw");
    }

    private void ask(Look look, WriterRef ref, Login login) {
        String service = login.host().split("\\.", 2)[0];
        String user = login.user().orElseThrow();
        if (!world.endpointNames().namesIn(login.host()).isEmpty()) {
            down(look, "target", service, user, ref + " names the source again");
            return;
        }
        try {
            ConnectionSpec direct =
                    world.target()
                            .spec(
                                    login.database().orElse(user),
                                    user,
                                    login.password().orElseThrow(),
                                    "switchback/" + world.runId() + "/watch");
            reach(look, "target", world.target().through(service, direct), service);
        } catch (SwitchbackException e) {
            down(look, "target", service, user, e.problem().what());
        }
    }

    private static void reach(Look look, String side, ConnectionSpec spec, String service) {
        try (Connection session = Pg.open(spec, SILENCE)) {
            Sql.one(session, "SELECT 1");
            look.put(Metric.DATABASE_UP, 1, "side", side, "service", service, "role", spec.user());
        } catch (SwitchbackException e) {
            down(look, side, service, spec.user(), e.problem().what());
        } catch (SQLException e) {
            down(look, side, service, spec.user(), Pg.words(e));
        }
    }

    private static void down(Look look, String side, String service, String role, String words) {
        look.say(Metric.DATABASE_UP, 0, words, "side", side, "service", service, "role", role);
    }
}
