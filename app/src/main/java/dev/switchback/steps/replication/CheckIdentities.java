package dev.switchback.steps.replication;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.steps.replication.IdentityPlan.Identity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Every table's rows can be told apart by the other side, forward and back: the target's tables get
 * the same identities with their definitions. What step {@code set-replica-identity} will change is
 * shown as the statement it runs; what no statement helps fails.
 */
public final class CheckIdentities extends Check {
    public CheckIdentities(World world) {
        super(
                world,
                Chapter.DATA,
                "check-identities",
                "Check that replicated rows can be told apart");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()))) {
                look(source, database, world.exclusions(), findings);
            }
        }
    }

    static void look(Connection source, String database, Exclusions exclusions, Findings findings)
            throws SQLException {
        List<Identity> plan = IdentityPlan.of(source, exclusions);
        findings.saw(database + ".identitiesToSet", String.valueOf(plan.size()));
        for (Identity identity : plan) {
            String object = database + " " + identity.table();
            if (identity.impossible().isPresent()) {
                findings.fail(impossible(object, identity));
            } else {
                findings.warn(proposed(object, identity));
            }
        }
    }

    private static Problem impossible(String object, Identity identity) {
        return new Problem(
                Code.NO_IDENTITY,
                object,
                "its rows cannot be told apart: " + identity.impossible().orElseThrow(),
                "ALTER TABLE "
                        + identity.table().sql()
                        + " ADD COLUMN switch_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, or a"
                        + " unique index over NOT NULL columns; or use strategy offline",
                identity.updatesAndDeletes()
                        + " rows were updated or deleted since the counters began: published as it"
                        + " is, the application's next UPDATE or DELETE fails, or stops the link");
    }

    private static Problem proposed(String object, Identity identity) {
        String cost =
                identity.full()
                        ? "each update or delete then reads up to "
                                + identity.rows()
                                + " rows on the other side ("
                                + identity.updatesAndDeletes()
                                + " of them since the counters began, "
                                + product(identity)
                                + " rows to read): cheap for a small or append-only table, else add a"
                                + " unique index over NOT NULL columns"
                        : "nothing else changes for the application";
        return new Problem(
                Code.NO_IDENTITY,
                object,
                "its rows cannot be told apart yet (REPLICA IDENTITY "
                        + word(identity.current())
                        + "); step set-replica-identity will run: "
                        + identity.sql(),
                identity.sql() + " on the source now, or let the step do it; " + cost,
                "once it is published the application's UPDATE and DELETE would fail: 'does not have"
                        + " a replica identity'");
    }

    private static String product(Identity identity) {
        return "%.0e".formatted((double) identity.rows() * identity.updatesAndDeletes());
    }

    private static String word(char current) {
        return switch (current) {
            case 'd' -> "DEFAULT, without a primary key that serves";
            case 'n' -> "NOTHING";
            case 'f' -> "FULL, which the other side cannot compare";
            default -> "USING INDEX, which is gone or does not serve";
        };
    }
}
