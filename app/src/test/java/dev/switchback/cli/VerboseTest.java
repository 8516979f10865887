package dev.switchback.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class VerboseTest {
    private final Logger ours = (Logger) LoggerFactory.getLogger("dev.switchback");

    @AfterEach
    void quiet() {
        ours.setLevel(null);
    }

    @Test
    void dashVLetsOurDebugLogThroughAndNobodyElses() {
        assertThat(ours.isDebugEnabled()).isFalse();

        int exit = App.commandLine().execute("plan", "-v", "-f", "there-is-no-such-file.yaml");

        assertThat(exit).isEqualTo(7);
        assertThat(ours.isDebugEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("org.postgresql").isErrorEnabled()).isFalse();
        assertThat(LoggerFactory.getLogger("io.fabric8").isDebugEnabled()).isFalse();
    }
}
