package dev.switchback.lab.demo;

import dev.switchback.lab.kube.PatroniMember;
import dev.switchback.lab.mastodon.LabNoise;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Pg;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A pod of the source's cluster with the server in it.
 *
 * @param pod its name
 */
record SpiloPod(String pod, PgServer server) implements PatroniMember {
    private static final Duration SILENCE = Duration.ofSeconds(5);

    @Override
    public boolean isRunning() {
        return server.isRunning();
    }

    @Override
    public long incarnation() {
        return server.incarnation();
    }

    @Override
    public Connection connect(String database) {
        return Pg.open(server.superuser(database).withApplicationName(LabNoise.PATRONI), SILENCE);
    }

    @Override
    public void configure(Map<String, String> parameters) {
        server.configure(parameters);
    }

    @Override
    public void restart() {
        server.restart(Map.of());
    }

    @Override
    public void adoptSlots(PatroniMember leader, List<String> slots) {
        server.adoptSlots(((SpiloPod) leader).server(), slots);
    }
}
