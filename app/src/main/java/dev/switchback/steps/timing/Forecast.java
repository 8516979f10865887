package dev.switchback.steps.timing;

import dev.switchback.engine.Runbook;
import dev.switchback.estimate.Prediction;
import dev.switchback.estimate.Prediction.Planned;
import dev.switchback.estimate.RateSampler;
import dev.switchback.estimate.Rates;
import dev.switchback.estimate.Sizes;
import dev.switchback.estimate.WriterTimes;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.spec.Migration.Budgets;
import dev.switchback.steps.World;
import dev.switchback.workload.PodTimes;
import java.sql.Connection;
import java.sql.SQLException;

/** Reads this migration's sizes, rates and pods, and predicts from them. */
public final class Forecast {
    private static final String NAME = "predict-durations";

    private Forecast() {}

    /**
     * Two to four seconds; leaves nothing behind.
     *
     * @throws SwitchbackException PG_FAILED, KUBE_… when sizes or pods cannot be read; rates that
     *     cannot be measured are assumed
     */
    public static Prediction of(World world, Runbook runbook) {
        Sizes all = Sizes.NOTHING;
        String largestIn = "postgres";
        long largest = -1;
        for (String database : world.databases()) {
            Sizes sizes = sizes(world, database);
            long here = sizes.tables().stream().mapToLong(Long::longValue).max().orElse(0);
            if (here > largest) {
                largest = here;
                largestIn = database;
            }
            all = all.plus(sizes);
        }
        return Prediction.of(
                runbook.entries().stream()
                        .map(e -> new Planned(e.step().id(), e.step().inDowntime()))
                        .toList(),
                all,
                rates(world, largestIn),
                writers(world),
                world.migration().jobs());
    }

    private static Sizes sizes(World world, String database) {
        try (Connection source = Pg.open(world.source(database, NAME))) {
            return Sizes.read(source, world.exclusions());
        } catch (SQLException e) {
            throw new SwitchbackException(
                    Code.PG_FAILED,
                    world.source().display() + "/" + database,
                    "reading its sizes failed: " + Pg.words(e),
                    "try again");
        }
    }

    /** Any database of the target will do: the sample needs none of its definitions. */
    private static Rates rates(World world, String database) {
        try {
            return new RateSampler(
                            world.source(database, NAME),
                            world.targetReader("postgres", NAME),
                            world.exclusions())
                    .measure();
        } catch (SwitchbackException e) {
            return Rates.assumed(e.problem().what());
        }
    }

    private static WriterTimes writers(World world) {
        PodTimes pods = world.writers().podTimes();
        Budgets budgets = world.migration().budgets();
        return new WriterTimes(
                pods.pods(),
                pods.grace(),
                pods.starts(),
                budgets.stopWriters().toMillis() / 1000.0,
                budgets.startWriters().toMillis() / 1000.0);
    }
}
