package dev.switchback.steps.access;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Tls;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sessions to both sides are encrypted; the target's certificate is always verified, the source's
 * where a CA is known.
 */
public final class CheckTls implements Step {
    private final World world;

    public CheckTls(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "check-tls";
    }

    @Override
    public String title() {
        return "Check that both sides speak TLS and which CA signs them";
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        ConnectionSpec source = world.source("postgres", id());
        ConnectionSpec target = world.targetReader("postgres", id());
        List<Problem> problems = new ArrayList<>();
        String sourceTls = version(source, problems);
        String targetTls = version(target, problems);
        return problems.isEmpty()
                ? Observation.done(
                        "source",
                                sourceTls
                                        + (source.tls().mode() == Tls.Mode.VERIFY_FULL
                                                ? ", verified"
                                                : ", not verified: no CA known"),
                        "target", targetTls + ", verified")
                : new Observation.Impossible(problems);
    }

    private static String version(ConnectionSpec spec, List<Problem> problems) throws SQLException {
        try (Connection connection = Pg.open(spec)) {
            String version =
                    Sql.first(
                            connection,
                            "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl");
            if (version == null) {
                problems.add(
                        new Problem(
                                Code.PG_TLS,
                                spec.display(),
                                "the session is not encrypted",
                                "switch ssl on, or go around the plain proxy"));
                return "";
            }
            return version;
        }
    }
}
