package dev.switchback.steps.probe;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.steps.World;
import dev.switchback.workload.EndpointNames;
import dev.switchback.workload.WriterEnvironment;
import dev.switchback.workload.WriterEnvironment.Login;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Logs in as each writer would: with the host, role, password and database of its own environment,
 * the target's CA checked. Then every application password that the source's operator keeps is
 * tried on the target's read-write Service. The target's own list of sessions proves that it was
 * the target that answered. At last each URL of {@code spec.probes.http} must answer as expected.
 */
public final class ProbeAsApplication implements Step {
    public static final String ID = "probe-as-application";

    private final World world;

    public ProbeAsApplication(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Log in as every writer and every application role";
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        List<Problem> problems = new ArrayList<>();
        Set<String> proven = new LinkedHashSet<>();
        EndpointNames names = world.endpointNames();
        WriterEnvironment environment = world.writerEnvironment();
        for (WriterRef ref : world.writers().refs()) {
            KubeObject object = world.writers().object(ref);
            Map<String, Secret> env = environment.of(ref, object);
            pods(ref, problems);
            for (Login login : environment.logins(env)) {
                if (!names.namesIn(login.host()).isEmpty()) {
                    problems.add(
                            problem(
                                    ref.toString(),
                                    login.variable() + " still names the source: " + login.host()));
                } else {
                    probe(ref + " " + login.variable(), login, problems, proven);
                }
            }
        }
        credentials(problems, proven);
        List<String> answered = new ArrayList<>();
        problems.addAll(
                new HttpProbe(
                                world.migration().probes().http(),
                                world.migration().budgets().startWriters())
                        .ask(context, answered));
        if (!problems.isEmpty()) {
            return new Observation.Impossible(problems);
        }
        Facts logins = Facts.of("logins", String.join("; ", proven));
        return Observation.done(
                answered.isEmpty() ? logins : logins.with("http", String.join("; ", answered)));
    }

    /** What runs now counts, not only what would start next. */
    private void pods(WriterRef ref, List<Problem> problems) {
        for (KubeObject pod : world.writers().podsOf(ref)) {
            world.writerEnvironment()
                    .ofPod(pod)
                    .forEach((name, value) -> {
                        if (!world.endpointNames().namesIn(value.reveal()).isEmpty()) {
                            problems.add(
                                    problem(
                                            "pod " + pod.display(),
                                            name + " still names the source"));
                        }
                    });
        }
    }

    /** A login that names no role or password is proven by the role test below. */
    private void probe(String who, Login login, List<Problem> problems, Set<String> proven) {
        if (login.user().isEmpty() || login.password().isEmpty()) {
            return;
        }
        String service = login.host().split("\\.", 2)[0];
        String database = login.database().orElse(login.user().get());
        ConnectionSpec direct =
                world.target()
                        .spec(database, login.user().get(), login.password().get(), application());
        ConnectionSpec spec = through(service, direct);
        attempt(who + " as " + login.user().get() + " at " + service, spec, problems, proven);
    }

    /** The same login through another Service of the target. */
    private ConnectionSpec through(String service, ConnectionSpec direct) {
        KubeObject object =
                world.targetKube()
                        .require(
                                Kind.SERVICE,
                                world.target().namespace(),
                                service,
                                "correct spec.endpoints.map");
        String host = service + "." + world.target().namespace() + ".svc";
        String address =
                direct.hostAddress() == null
                        ? null
                        : object.spec().path("clusterIP").asText(direct.hostAddress());
        return new ConnectionSpec(
                host,
                address,
                direct.port(),
                direct.database(),
                direct.user(),
                direct.password(),
                direct.tls(),
                direct.applicationName());
    }

    private void credentials(List<Problem> problems, Set<String> proven) throws SQLException {
        Set<String> mayLogIn;
        try (Connection target = Pg.open(world.target("postgres", ID))) {
            mayLogIn =
                    Set.copyOf(
                            Sql.list(
                                    target,
                                    "SELECT rolname FROM pg_roles WHERE rolcanlogin",
                                    row -> row.getString(1)));
        }
        for (Map.Entry<String, Secret> password : world.source().passwords().entrySet()) {
            String role = password.getKey();
            if (mayLogIn.contains(role) && !world.exclusions().role(role)) {
                attempt(
                        "role " + role,
                        world.target()
                                .spec(
                                        world.databases().getFirst(),
                                        role,
                                        password.getValue(),
                                        application()),
                        problems,
                        proven);
            }
        }
    }

    private void attempt(
            String who, ConnectionSpec spec, List<Problem> problems, Set<String> proven) {
        try (Connection session = Pg.open(spec);
                Connection target = Pg.open(world.target("postgres", ID))) {
            String pid = Sql.one(session, "SELECT pg_backend_pid()");
            if (Sql.first(
                            target,
                            "SELECT 1 FROM pg_stat_activity WHERE pid = ? AND usename = ? AND datname = ?",
                            Integer.parseInt(pid),
                            spec.user(),
                            spec.database())
                    == null) {
                problems.add(
                        problem(
                                who,
                                "the session is not one of the target's primary: another server answered"));
                return;
            }
            proven.add(who);
        } catch (SwitchbackException e) {
            problems.add(problem(who, e.problem().what()));
        } catch (SQLException e) {
            problems.add(problem(who, Pg.words(e)));
        }
    }

    private String application() {
        return "switchback/" + world.runId() + "/" + ID;
    }

    private static Problem problem(String who, String what) {
        return new Problem(
                Code.PROBE_FAILED,
                who,
                what,
                "mend it and run migrate again, or go back with 'switchback rollback'");
    }
}
