package dev.switchback.settle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.spec.Migration;
import java.util.List;
import java.util.Optional;

/** A Grafana dashboard of the guide's key metrics, with the alerts' thresholds drawn in. */
public final class GrafanaDashboard {
    private static final int WIDTH = 12;
    private static final int HEIGHT = 7;

    private GrafanaDashboard() {}

    private record Panel(String title, List<Metric> metrics) {}

    /** The guide's key metrics first, in its order. */
    private static final List<Panel> PANELS =
            List.of(
                    new Panel("Alerts", List.of(Metric.ALERT_FIRING, Metric.READING_UP)),
                    new Panel("Reachable", List.of(Metric.DATABASE_UP, Metric.PROBE_UP)),
                    new Panel(
                            "Database connections",
                            List.of(Metric.CONNECTIONS, Metric.CONNECTIONS_MAX)),
                    new Panel("Query response", List.of(Metric.QUERY_RESPONSE_SECONDS)),
                    new Panel("Query response by baseline", List.of(Metric.QUERY_RESPONSE_RATIO)),
                    new Panel("Costly statements", List.of(Metric.STATEMENT_MEAN_SECONDS)),
                    new Panel(
                            "Application errors",
                            List.of(
                                    Metric.APPLICATION_ERROR_RATIO,
                                    Metric.DATABASE_ROLLBACK_EXCESS_RATIO)),
                    new Panel(
                            "Pod restarts",
                            List.of(Metric.POD_RESTARTS, Metric.PODS_CRASH_LOOPING)),
                    new Panel("Pods", List.of(Metric.PODS_READY, Metric.PODS_WANTED)),
                    new Panel(
                            "Storage",
                            List.of(Metric.VOLUME_USED_BYTES, Metric.VOLUME_CAPACITY_BYTES)),
                    new Panel(
                            "Storage: time to full",
                            List.of(Metric.VOLUME_SECONDS_TO_FULL, Metric.SLOT_SECONDS_TO_FULL)),
                    new Panel("WAL kept by slots", List.of(Metric.SLOT_RETAINED_BYTES)),
                    new Panel(
                            "Backups",
                            List.of(
                                    Metric.BACKUP_FAILED,
                                    Metric.BACKUP_PROVEN,
                                    Metric.BACKUP_SCHEDULES)),
                    new Panel("Reverse link", List.of(Metric.LINK_UP, Metric.LINK_LAG_SECONDS)),
                    new Panel("Reverse link: WAL behind", List.of(Metric.LINK_LAG_BYTES)),
                    new Panel(
                            "Rollback",
                            List.of(Metric.ROLLBACK_STATE, Metric.ROLLBACK_WINDOW_SECONDS)),
                    new Panel(
                            "Late writers",
                            List.of(Metric.LATE_WRITERS, Metric.LATE_WRITERS_KNOWN)),
                    new Panel(
                            "Migration",
                            List.of(
                                    Metric.MIGRATION_STATUS,
                                    Metric.MIGRATION_STEPS_DONE,
                                    Metric.MIGRATION_STEPS)));

    public static ObjectNode of(Migration migration) {
        List<AlertRule> alerts = Alerts.of(migration.settle());
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putNull("id");
        root.put("uid", "switchback-" + migration.name());
        root.put("title", "Switchback: " + migration.display());
        root.putArray("tags").add("switchback").add("postgresql");
        root.put("schemaVersion", 39).put("editable", true).put("refresh", "30s");
        root.putObject("time").put("from", "now-6h").put("to", "now");
        ObjectNode datasource = root.putObject("templating").putArray("list").addObject();
        datasource.put("name", "datasource").put("label", "Prometheus");
        datasource.put("type", "datasource").put("query", "prometheus");
        ArrayNode panels = root.putArray("panels");
        for (int i = 0; i < PANELS.size(); i++) {
            panel(panels.addObject(), i, PANELS.get(i), alerts);
        }
        return root;
    }

    private static void panel(ObjectNode node, int place, Panel panel, List<AlertRule> alerts) {
        node.put("id", place + 1).put("type", "timeseries").put("title", panel.title());
        node.put(
                "description",
                String.join("; ", panel.metrics().stream().map(Metric::help).toList()));
        node.putObject("gridPos")
                .put("x", place % 2 * WIDTH)
                .put("y", place / 2 * HEIGHT)
                .put("w", WIDTH)
                .put("h", HEIGHT);
        source(node.putObject("datasource"));
        ObjectNode defaults = node.putObject("fieldConfig").putObject("defaults");
        defaults.put("unit", unit(panel.metrics().getFirst()));
        thresholds(defaults, panel, alerts);
        node.withObject("fieldConfig").putArray("overrides");
        ArrayNode targets = node.putArray("targets");
        for (int i = 0; i < panel.metrics().size(); i++) {
            Metric metric = panel.metrics().get(i);
            ObjectNode target = targets.addObject();
            source(target.putObject("datasource"));
            target.put("refId", String.valueOf((char) ('A' + i)));
            target.put(
                    "expr",
                    metric.type().equals("counter")
                            ? "rate(" + metric.id() + "[5m])"
                            : metric.id());
        }
    }

    private static void source(ObjectNode node) {
        node.put("type", "prometheus").put("uid", "${datasource}");
    }

    private static String unit(Metric metric) {
        return metric.unit().isEmpty() ? "short" : metric.unit();
    }

    private static void thresholds(ObjectNode defaults, Panel panel, List<AlertRule> alerts) {
        Optional<Condition> condition =
                alerts.stream()
                        .flatMap(a -> a.conditions().stream())
                        .filter(c -> panel.metrics().contains(c.metric()))
                        .filter(c -> c.op() != Condition.Op.IS)
                        .findFirst();
        if (condition.isEmpty()) {
            return;
        }
        boolean above = condition.get().op() == Condition.Op.ABOVE;
        ArrayNode steps =
                defaults.putObject("thresholds").put("mode", "absolute").putArray("steps");
        steps.addObject().put("color", above ? "green" : "red").putNull("value");
        steps.addObject()
                .put("color", above ? "red" : "green")
                .put("value", condition.get().threshold());
        defaults.putObject("custom").putObject("thresholdsStyle").put("mode", "line");
    }
}
