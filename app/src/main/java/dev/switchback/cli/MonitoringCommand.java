package dev.switchback.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.cli.GlobalOptions.Format;
import dev.switchback.settle.GrafanaDashboard;
import dev.switchback.settle.PrometheusRules;
import dev.switchback.spec.Migration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "monitoring",
        description = {
            "Print a PrometheusRule (YAML, or -o json) or a Grafana dashboard (JSON) of the alerts and metrics",
            "of 'watch', made from the document."
        })
final class MonitoringCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Parameters(paramLabel = "WHAT", description = "rules or dashboard")
    What what = What.RULES;

    /** What is printed. */
    enum What {
        RULES,
        DASHBOARD
    }

    @Override
    public Integer call() {
        Migration migration = app.options.migration();
        switch (what) {
            case RULES -> print(PrometheusRules.of(migration), Format.YAML);
            case DASHBOARD -> print(GrafanaDashboard.of(migration), Format.JSON);
        }
        return 0;
    }

    /**
     * @param usual the format unless one is asked for
     */
    private void print(ObjectNode document, Format usual) {
        Format format = app.options.output == Format.TEXT ? usual : app.options.output;
        Output.print(format, document, () -> "");
    }
}
