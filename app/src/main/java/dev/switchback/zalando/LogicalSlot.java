package dev.switchback.zalando;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A logical replication slot as Patroni has to know it, so that it keeps it and carries it over.
 */
public record LogicalSlot(String name, String database, String plugin) {

    /**
     * As {@code slots.<name>} says it. All values are texts: the operator reads them as such, and
     * stops syncing the whole cluster at a boolean or a number (facts/operators.md §2.9).
     */
    ObjectNode declaration() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "logical")
                .put("database", database)
                .put("plugin", plugin);
    }

    /** As an entry of {@code ignore_slots}: this slot and no other. */
    ObjectNode exemption() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("type", "logical")
                .put("database", database)
                .put("plugin", plugin);
    }

    /**
     * Whether an entry of {@code ignore_slots} keeps this slot: each key it has must match exactly,
     * a key it lacks matches anything (Patroni's {@code ignore_replication_slot}).
     */
    boolean exemptedBy(JsonNode entry) {
        ObjectNode own = exemption();
        for (String key : new String[] {"name", "type", "database", "plugin"}) {
            if (entry.has(key) && !entry.path(key).equals(own.path(key))) {
                return false;
            }
        }
        return entry.isObject();
    }
}
