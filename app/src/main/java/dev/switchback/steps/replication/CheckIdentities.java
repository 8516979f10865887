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
import java.util.Comparator;
import java.util.List;

/**
 * Every table's rows can be told apart by the other side, forward and back: the target's tables get
 * the same identities with their definitions. What step {@code set-replica-identity} will change is
 * shown as the statement it runs; what no statement helps fails.
 */
public final class CheckIdentities extends Check {
    /** Tables told one by one, those that change most: what is told is journalled, too. */
    private static final int TOLD = 25;

    private static final String WHY =
            "once it is published the application's UPDATE and DELETE would fail: 'does not have a"
                    + " replica identity'";

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
        plan.stream()
                .filter(i -> i.impossible().isPresent())
                .forEach(i -> findings.fail(impossible(database + " " + i.table(), i)));
        List<Identity> mended =
                plan.stream()
                        .filter(i -> i.impossible().isEmpty())
                        .sorted(
                                Comparator.comparingLong(Identity::updatesAndDeletes)
                                        .reversed()
                                        .thenComparing(Identity::table))
                        .toList();
        mended.stream()
                .limit(TOLD)
                .forEach(i -> findings.warn(proposed(database + " " + i.table(), i)));
        if (mended.size() > TOLD) {
            findings.warn(others(database, mended.subList(TOLD, mended.size())));
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
        return new Problem(
                Code.NO_IDENTITY,
                object,
                "its rows cannot be told apart yet (REPLICA IDENTITY "
                        + word(identity.current())
                        + "); step set-replica-identity makes it "
                        + identity.wanted()
                        + (identity.full() ? ": " + cost(identity) : ""),
                identity.sql()
                        + " on the source now, or let the step do it"
                        + (identity.full()
                                ? "; a unique index over NOT NULL columns makes it cheaper"
                                : ""),
                WHY);
    }

    /** Of FULL: each change looks for its row from the table's start. */
    private static String cost(Identity identity) {
        return identity.updatesAndDeletes() == 0
                ? "none of its about "
                        + identity.rows()
                        + " rows was updated or deleted since the counters began"
                : "each update or delete then reads up to "
                        + identity.rows()
                        + " rows on the other side; "
                        + identity.updatesAndDeletes()
                        + " were seen since the counters began, %.1e rows to read"
                                .formatted((double) identity.rows() * identity.updatesAndDeletes());
    }

    private static Problem others(String database, List<Identity> identities) {
        long full = identities.stream().filter(Identity::full).count();
        return new Problem(
                Code.NO_IDENTITY,
                database,
                "the rows of "
                        + identities.size()
                        + " more tables, which change less, cannot be told apart yet; step"
                        + " set-replica-identity makes "
                        + full
                        + " of them FULL and gives the others an index",
                "let the step do it",
                WHY);
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
