package dev.switchback.steps.access;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.schema.ClientTools;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;

/** There is a pg_dump that can read the source and whose output the target understands. */
public final class CheckTools extends Check {
    public CheckTools(World world) {
        super(
                world,
                Chapter.ACCESS,
                "check-tools",
                "Find pg_dump and pg_restore for both versions");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        try (Connection source = Pg.open(world.source("postgres", id()));
                Connection target = Pg.open(world.targetReader("postgres", id()))) {
            ClientTools tools = ClientTools.choose(Pg.major(source), Pg.major(target));
            findings.saw("major", String.valueOf(tools.major()));
            findings.saw("pgDump", tools.pgDump().toString());
        } catch (SwitchbackException e) {
            if (e.code() != Code.PG_TOOLS) {
                throw e;
            }
            for (Problem problem : e.problems()) {
                findings.fail(
                        new Problem(
                                problem.code(),
                                problem.object(),
                                problem.what(),
                                problem.remedy(),
                                "definitions travel by pg_dump: an older one refuses the source, a newer one sends"
                                        + " settings that the target does not know"));
            }
        }
    }
}
