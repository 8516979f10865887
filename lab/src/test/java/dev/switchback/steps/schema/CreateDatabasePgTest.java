package dev.switchback.steps.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

class CreateDatabasePgTest {
    private static final String LIKE =
            "SELECT concat_ws(' ', datlocprovider, datlocale, datcollate, datctype, encoding) FROM pg_database WHERE datname = 'shop'";

    @Test
    void aDatabaseIsMadeWithTheProviderOfTheSourceWhateverTemplate0Has() throws Exception {
        try (PgServer server = PgServer.start(17);
                Connection postgres = server.connect("postgres")) {
            for (String locale :
                    new String[] {
                        "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'",
                        "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
                    }) {
                Sql.run(postgres, "CREATE DATABASE shop TEMPLATE template0 " + locale);
                String wanted = Sql.one(postgres, LIKE);
                String statement;
                try (Connection shop = server.connect("shop")) {
                    statement = PrepareTargetDatabases.createStatement(shop, 17);
                }
                Sql.run(postgres, "DROP DATABASE shop WITH (FORCE)");
                Sql.run(postgres, statement);
                assertThat(Sql.one(postgres, LIKE)).as(statement).isEqualTo(wanted);
                Sql.run(postgres, "DROP DATABASE shop WITH (FORCE)");
            }
        }
    }
}
