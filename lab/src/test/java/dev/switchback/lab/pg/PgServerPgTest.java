package dev.switchback.lab.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgServerPgTest {

    @ParameterizedTest
    @ValueSource(ints = {13, 14, 15, 16, 17, 18})
    void everyMajorStartsWithVerifiedTlsAndKeepsItsDataThroughACrash(int major) throws Exception {
        try (PgServer server = PgServer.start(major)) {
            try (Connection c = server.connect("postgres")) {
                assertThat(Sql.one(c, "SHOW server_version_num")).startsWith(String.valueOf(major));
                assertThat(
                                Sql.one(
                                        c,
                                        "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                        .isEqualTo("true");
                Sql.run(c, "CREATE TABLE kept AS SELECT 1 AS n");
            }
            server.crash();
            server.restart();
            try (Connection c = server.connect("postgres")) {
                assertThat(Sql.one(c, "SELECT n FROM kept")).isEqualTo("1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17})
    void aWrongPasswordIsALoginProblemWithoutThePassword(int major) {
        try (PgServer server = PgServer.start(major)) {
            assertThatThrownBy(() ->
                            Pg.open(
                                    server.superuser("postgres")
                                            .withLogin("postgres", Secret.of("wrong-password"))))
                    .isInstanceOfSatisfying(
                            SwitchbackException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(Code.PG_LOGIN_REFUSED);
                                assertThat(e.getMessage()).doesNotContain("wrong-password");
                            });
        }
    }
}
