package dev.switchback.cli;

import dev.switchback.runbook.RunMetrics;
import dev.switchback.runbook.Stage;
import dev.switchback.settle.MetricsServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --metrics}: what a run shows to Prometheus while it lasts. */
final class RunMetricsOption {
    @Option(
            names = "--metrics",
            paramLabel = "ADDR:PORT",
            description = "serve phase, step, link and timing to Prometheus at /metrics meanwhile")
    @Nullable String address;

    /** An open endpoint of this run; close it after. */
    Served serve(Stage stage) {
        if (address == null) {
            return new Served(null);
        }
        MetricsServer server = MetricsServer.start(address, new RunMetrics(stage));
        System.err.println("metrics: http://" + server.address() + "/metrics");
        return new Served(server);
    }

    /** Serves until it is closed; nothing when none was asked for. */
    record Served(@Nullable MetricsServer server) implements AutoCloseable {
        @Override
        public void close() {
            if (server != null) {
                server.close();
            }
        }
    }
}
