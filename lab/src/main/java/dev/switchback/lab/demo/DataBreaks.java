package dev.switchback.lab.demo;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Defects in the databases themselves. */
final class DataBreaks {
    static final List<Break> ALL =
            List.of(
                    new Break(
                            "foreign-data",
                            "the target's database holds a table that Switchback did not put there",
                            "check-target",
                            "SB-312",
                            new InTarget("CREATE TABLE somebody_elses (id int)")));

    private DataBreaks() {}

    private record InTarget(String sql) implements Break.Planting {
        @Override
        public void world(Lab lab) throws SQLException {
            try (Connection target = lab.target().connect("mastodon")) {
                Sql.run(target, sql);
            }
        }
    }
}
