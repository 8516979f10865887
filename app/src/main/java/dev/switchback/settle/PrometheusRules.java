package dev.switchback.settle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.spec.Migration;

/** The alerts as a PrometheusRule of the Prometheus Operator; {@code spec} is a rule file. */
public final class PrometheusRules {
    private PrometheusRules() {}

    public static ObjectNode of(Migration migration) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("apiVersion", "monitoring.coreos.com/v1").put("kind", "PrometheusRule");
        ObjectNode metadata = root.putObject("metadata");
        metadata.put("name", "switchback-" + migration.name());
        metadata.put("namespace", migration.namespace());
        metadata.putObject("labels")
                .put("app.kubernetes.io/name", "switchback")
                .put("app.kubernetes.io/instance", migration.name())
                .put("app.kubernetes.io/managed-by", "switchback");
        ObjectNode group = root.putObject("spec").putArray("groups").addObject();
        group.put("name", "switchback-" + migration.name());
        ArrayNode rules = group.putArray("rules");
        for (AlertRule alert : Alerts.of(migration.settle())) {
            ObjectNode rule = rules.addObject();
            rule.put("alert", alert.name());
            rule.put("expr", alert.promql());
            long interval = migration.settle().interval().toSeconds();
            looks(rule, "for", alert.fireAfter(), interval);
            looks(rule, "keep_firing_for", alert.clearAfter(), interval);
            rule.putObject("labels")
                    .put("severity", alert.severity().word())
                    .put("migration", migration.name());
            rule.putObject("annotations")
                    .put("summary", alert.summary())
                    .put("description", alert.remedy());
        }
        return root;
    }

    /** From the first of so many looks to the last. */
    private static void looks(ObjectNode rule, String field, int looks, long interval) {
        long seconds = (looks - 1) * interval;
        if (seconds > 0) {
            rule.put(field, seconds + "s");
        }
    }
}
