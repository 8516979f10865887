package dev.switchback.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.pg.Secret;
import dev.switchback.pg.Tls;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodEnvironmentTest {

    @Test
    void aDatabaseUrlGivesTheDecodedLoginAndTheModeAsked() {
        PodEnvironment env =
                PodEnvironment.of(
                        Map.of(
                                "DATABASE_URL",
                                "postgresql://mastodon:p%40ss%2F+w@database-rw.mastodon.svc:5432/masto%20don?sslmode=require"));
        assertThat(env)
                .isEqualTo(
                        new PodEnvironment(
                                "database-rw.mastodon.svc",
                                "masto don",
                                "mastodon",
                                Secret.of("p@ss/+w"),
                                Tls.Mode.REQUIRE,
                                null));
    }

    @Test
    void singleVariablesVerifyTheServerUnlessToldOtherwise() {
        PodEnvironment env =
                PodEnvironment.of(
                        Map.of(
                                "DB_HOST",
                                "h",
                                "DB_NAME",
                                "d",
                                "DB_USER",
                                "u",
                                "DB_PASS",
                                "p",
                                "REPLICA_DB_HOST",
                                "r"));
        assertThat(env.tls()).isEqualTo(Tls.Mode.VERIFY_FULL);
        assertThat(env.replicaHost()).isEqualTo("r");
    }

    @Test
    void aMissingVariableIsNamedAndNoValueShown() {
        assertThatThrownBy(() ->
                        PodEnvironment.of(
                                Map.of("DB_HOST", "h", "DB_PASS", "hidden", "DB_USER", "u")))
                .hasMessageContaining("DB_NAME")
                .hasMessageNotContaining("hidden");
    }
}
