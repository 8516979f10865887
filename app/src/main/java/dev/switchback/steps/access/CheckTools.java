package dev.switchback.steps.access;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.schema.ClientTools;
import dev.switchback.steps.World;
import java.sql.Connection;

/** There is a pg_dump that can read the source and whose output the target understands. */
public final class CheckTools implements Step {
    private final World world;

    public CheckTools(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "check-tools";
    }

    @Override
    public String title() {
        return "Find pg_dump and pg_restore for both versions";
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        try (Connection source = Pg.open(world.source("postgres", id()));
                Connection target = Pg.open(world.targetReader("postgres", id()))) {
            ClientTools tools = ClientTools.choose(Pg.major(source), Pg.major(target));
            return Observation.done(
                    "major", String.valueOf(tools.major()), "pgDump", tools.pgDump().toString());
        } catch (SwitchbackException e) {
            if (e.code() == Code.PG_TOOLS) {
                return new Observation.Impossible(e.problems());
            }
            throw e;
        }
    }
}
