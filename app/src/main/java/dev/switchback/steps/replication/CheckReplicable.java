package dev.switchback.steps.replication;

import dev.switchback.engine.StepContext;
import dev.switchback.estimate.RateSampler;
import dev.switchback.estimate.Rates;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.steps.replication.Question.Place;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What logical replication does not carry, does twice or waits for, each with its decision. What
 * must be carried by other means inside the write pause is told with its size and time.
 *
 * <p>TRUNCATE over foreign keys needs no look: all tables are in one publication.
 */
public final class CheckReplicable extends Check {
    public CheckReplicable(World world) {
        super(
                world,
                Chapter.DATA,
                "check-replicable",
                "Look for what logical replication does not carry");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        List<String> databases = world.databases();
        Exclusions exclusions = world.exclusions();
        try (Connection server = Pg.open(world.source("postgres", id()))) {
            ask(server, Place.SOURCE_SERVER, exclusions, databases, "", findings);
        }
        Map<String, PauseLoad> loads = new LinkedHashMap<>();
        for (String database : databases) {
            try (Connection source = Pg.open(world.source(database, id()))) {
                String prefix = database + " ";
                ask(source, Place.SOURCE_DATABASE, exclusions, databases, prefix, findings);
                loads.put(database, PauseLoad.of(source, exclusions));
            }
        }
        tell(loads, findings);
        try (Connection server = Pg.open(world.targetReader("postgres", id()))) {
            ask(server, Place.TARGET_SERVER, exclusions, databases, "target ", findings);
            for (String database : there(server, databases)) {
                try (Connection target = Pg.open(world.targetReader(database, id()))) {
                    String prefix = "target " + database + " ";
                    ask(target, Place.TARGET_DATABASE, exclusions, databases, prefix, findings);
                }
            }
        }
    }

    /** Rates are measured only where there is something to carry: that takes two seconds. */
    private void tell(Map<String, PauseLoad> loads, Findings findings) {
        if (loads.values().stream().allMatch(PauseLoad::isEmpty)) {
            return;
        }
        String database =
                loads.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
        Rates rates =
                new RateSampler(
                                world.source(database, id()),
                                world.targetReader("postgres", id()),
                                world.exclusions())
                        .measure();
        loads.forEach((name, load) -> load.tell(name, rates, world.migration().online(), findings));
    }

    static void ask(
            Connection connection,
            Place place,
            Exclusions exclusions,
            List<String> databases,
            String prefix,
            Findings findings)
            throws SQLException {
        for (Question question : Questions.ALL) {
            if (question.place() == place) {
                question.ask(connection, exclusions, databases, prefix, findings);
            }
        }
    }

    /** Those the target has already: the others are made later, and hold nothing of others. */
    static List<String> there(Connection target, List<String> databases) throws SQLException {
        return Sql.list(
                target,
                "SELECT datname FROM pg_database WHERE datname = ANY (?) AND datallowconn ORDER BY 1",
                row -> row.getString(1),
                target.createArrayOf("text", databases.toArray()));
    }
}
