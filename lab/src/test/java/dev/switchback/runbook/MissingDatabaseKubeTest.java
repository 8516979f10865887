package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Outcome;
import dev.switchback.engine.RunResult;
import dev.switchback.pg.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("boundaries")
class MissingDatabaseKubeTest {

    @Test
    void aDatabaseThatTheTargetLacksIsCreatedLikeTheSources() throws Exception {
        try (Rig rig = new Rig()) {
            try (Connection target = rig.lab.target().connect("postgres")) {
                Sql.run(target, "DROP DATABASE mastodon");
            }
            Path all = rig.document("  databases: [mastodon]\n", "");
            RunResult result = rig.migrate(all, book -> book, options -> options);

            assertThat(result.outcome()).as("%s", result.problems()).isEqualTo(Outcome.COMPLETED);
            String owner =
                    "SELECT pg_get_userbyid(datdba) || datcollate || pg_encoding_to_char(encoding)"
                            + " FROM pg_database WHERE datname = 'mastodon'";
            try (Connection source = rig.lab.source().connect("postgres");
                    Connection target = rig.lab.target().connect("postgres")) {
                assertThat(Sql.one(target, owner)).isEqualTo(Sql.one(source, owner));
            }
            rig.assertMigrated();
        }
    }
}
