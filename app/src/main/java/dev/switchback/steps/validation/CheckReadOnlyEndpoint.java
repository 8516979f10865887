package dev.switchback.steps.validation;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;

/** The Services of the target that readers will use lead to a standby, and not to the primary. */
public final class CheckReadOnlyEndpoint extends Check {
    public CheckReadOnlyEndpoint(World world) {
        super(
                world,
                Chapter.TARGET,
                "check-read-only-endpoint",
                "The target's read-only Services lead to a standby");
    }

    @Override
    protected void look(StepContext context, Findings findings) {
        ConnectionSpec login = world.targetReader("postgres", id());
        for (String service : new LinkedHashSet<>(world.migration().endpoints().map().values())) {
            if (world.target().readOnly(service)) {
                look(service, login, findings);
            }
        }
    }

    private void look(String service, ConnectionSpec login, Findings findings) {
        try (Connection session = Pg.open(world.target().through(service, login))) {
            if (Sql.one(session, "SELECT pg_is_in_recovery()").equals("t")) {
                findings.saw(service, "a standby");
            } else {
                findings.block(problem(service, "leads to a server that takes writes"));
            }
        } catch (SwitchbackException e) {
            findings.unknown(problem(service, e.problem().what()));
        } catch (SQLException e) {
            findings.unknown(problem(service, Pg.words(e)));
        }
    }

    private Problem problem(String service, String what) {
        return new Problem(
                Code.READ_ONLY_ENDPOINT,
                world.target().namespace() + "/" + service,
                what,
                "give the Cluster a second instance, correct the Service or Pooler, or map the readers to the read-write Service in spec.endpoints.map",
                "readers would load the primary, or reach nothing");
    }
}
