package dev.switchback.steps.proof;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.steps.HeldSessions;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import dev.switchback.verify.ContentReport;
import dev.switchback.verify.ContentVerifier;
import dev.switchback.verify.TableVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares the content of every table on the two snapshots pinned before the commit point, while
 * the service runs. When a crash lost the snapshots nothing can be proven any more, and the
 * evidence says so instead of guessing.
 */
public final class VerifyContent implements Step {
    public static final String ID = "verify-content";

    private final World world;

    public VerifyContent(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Compare the content of every table on the pinned snapshots";
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        int tables = 0;
        long rows = 0;
        List<Problem> differences = new ArrayList<>();
        for (String database : world.databases()) {
            Optional<HeldSessions.Pair> pinned =
                    world.sessions().pinned(database).filter(HeldSessions.Pair::alive);
            if (pinned.isEmpty()) {
                return Observation.done(
                        Facts.of(
                                "contentProven", "false",
                                "reason",
                                        "content not proven: the snapshots pinned before the switch were lost with the process that held them"));
            }
            ContentReport report =
                    new ContentVerifier(world.exclusions(), world.migration().jobs())
                            .verify(
                                    pinned.get().source(),
                                    pinned.get().target(),
                                    verdict -> context.note(verdict.line()),
                                    new Stops(context));
            tables += report.tablesVerified();
            rows += report.rows();
            for (TableVerdict verdict : report.mismatches()) {
                differences.add(
                        new Problem(
                                verdict.unreadable() == null
                                        ? Code.CONTENT_DIFFERS
                                        : Code.VALIDATION_UNREAD,
                                world.target().display() + "/" + database,
                                verdict.line(),
                                "decide whether to go back: switchback rollback"));
            }
        }
        if (!differences.isEmpty()) {
            return new Observation.Impossible(differences);
        }
        world.sessions().unpin();
        return Observation.done(
                "contentProven",
                "true",
                "tablesVerified",
                String.valueOf(tables),
                "mismatches",
                "0",
                "rows",
                String.valueOf(rows));
    }
}
