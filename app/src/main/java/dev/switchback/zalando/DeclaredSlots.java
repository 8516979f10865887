package dev.switchback.zalando;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Slots that Patroni is told to keep, in two places.
 *
 * <ol>
 *   <li>{@code spec.patroni.slots.<name>} of the {@code postgresql} object: the operator passes it
 *       on, Patroni keeps the slot on the leader and copies it to every replica. It is the only way
 *       over a failover.
 *   <li>{@code ignore_slots} of Patroni's own settings, for which the {@code postgresql} object has
 *       no place: from the same moment Patroni does not drop the slot, also while the declaration
 *       is on its way. A list there replaces the whole list, so it is read, merged and swapped.
 * </ol>
 *
 * <p>Declaring a slot that does not exist, or exists with another plugin, makes Patroni create one
 * at another position: the caller looks first (facts/patroni-lab.md §4). Nothing that was there
 * before is changed or taken away.
 */
public final class DeclaredSlots {
    private static final int TRIES = 10;
    private static final String ABSENT = "";

    private final Kube kube;
    private final String namespace;
    private final String cluster;
    private final PatroniSettings settings;

    DeclaredSlots(Kube kube, String namespace, String cluster) {
        this.kube = kube;
        this.namespace = namespace;
        this.cluster = cluster;
        this.settings = new PatroniSettings(kube, namespace, cluster);
    }

    /**
     * What stands in both places for these slots: what {@link #undeclare} and {@link #unignore}
     * need.
     */
    public Map<String, String> capture(Collection<LogicalSlot> slots) {
        Map<String, String> found = new LinkedHashMap<>();
        JsonNode spec = object().spec();
        found.put("patroni", present(spec.path("patroni")));
        found.put("slots", present(spec.path("patroni").path("slots")));
        Optional<ObjectNode> patroni = settings.read();
        JsonNode list = ignored(patroni);
        found.put("ignoreSlots", present(list));
        found.put("passedOn", patroni.map(p -> present(p.path("slots"))).orElse(ABSENT));
        for (LogicalSlot slot : slots) {
            JsonNode declared = spec.path("patroni").path("slots").path(slot.name());
            found.put("declared." + slot.name(), isSet(declared) ? declared.toString() : ABSENT);
            found.put("ignored." + slot.name(), exempted(slot, list) ? "true" : ABSENT);
        }
        return found;
    }

    /**
     * What is not yet so, in words; empty when the object declares every slot and Patroni's
     * settings hold both.
     *
     * @throws SwitchbackException SLOT_DECLARED_OTHERWISE when one is declared with other
     *     attributes
     */
    public List<String> missing(Collection<LogicalSlot> slots) {
        List<String> missing = new ArrayList<>();
        JsonNode declared = object().spec().path("patroni").path("slots");
        Optional<ObjectNode> patroni = settings.read();
        for (LogicalSlot slot : slots) {
            if (!declares(slot, declared, display())) {
                missing.add(display() + " does not declare slot " + slot.name());
            } else if (!exempted(slot, ignored(patroni))) {
                missing.add(settings.display() + " has no ignore_slots for " + slot.name());
            } else if (!patroni.map(p -> declares(slot, p.path("slots"), settings.display()))
                    .orElse(false)) {
                missing.add("the operator has not passed slot " + slot.name() + " on to Patroni");
            }
        }
        return missing;
    }

    /**
     * Declares the slots, which must exist; idempotent.
     *
     * @throws SwitchbackException SLOT_DECLARED_OTHERWISE; KUBE_CONFLICT when others keep changing
     *     the same object
     */
    public void declare(Collection<LogicalSlot> slots) {
        settings.change(patroni -> {
            JsonNode before = patroni.path("ignore_slots");
            ArrayNode list = before instanceof ArrayNode array ? array : fresh(before);
            slots.stream()
                    .filter(slot -> !exempted(slot, list))
                    .forEach(slot -> list.add(slot.exemption()));
            patroni.set("ignore_slots", list);
        });
        patchObject(object -> {
            JsonNode declared = object.spec().path("patroni").path("slots");
            ObjectNode more = JsonNodeFactory.instance.objectNode();
            for (LogicalSlot slot : slots) {
                if (!declares(slot, declared, display())) {
                    more.set(slot.name(), slot.declaration());
                }
            }
            return more.isEmpty() ? Optional.empty() : Optional.of(slotsPatch(more));
        });
    }

    /**
     * Takes the declarations back that were not there before; Patroni still keeps its hands off the
     * slots until {@link #unignore}. On the replicas their copies stay, which nobody moves on: the
     * caller drops them.
     *
     * @param captured of {@link #capture}
     */
    public void undeclare(Collection<LogicalSlot> slots, Map<String, String> captured) {
        patchObject(object -> {
            JsonNode patroni = object.spec().path("patroni");
            ObjectNode less = JsonNodeFactory.instance.objectNode();
            for (LogicalSlot slot : slots) {
                if (ours(slot, captured) && patroni.path("slots").has(slot.name())) {
                    less.putNull(slot.name());
                }
            }
            if (less.isEmpty()) {
                return Optional.empty();
            }
            boolean last = less.size() == patroni.path("slots").size();
            if (last && ABSENT.equals(captured.get("patroni")) && patroni.size() == 1) {
                ObjectNode patch = JsonNodeFactory.instance.objectNode();
                patch.putObject("spec").putNull("patroni");
                return Optional.of(patch);
            }
            if (last && ABSENT.equals(captured.get("slots"))) {
                ObjectNode patch = JsonNodeFactory.instance.objectNode();
                patch.putObject("spec").putObject("patroni").putNull("slots");
                return Optional.of(patch);
            }
            return Optional.of(slotsPatch(less));
        });
    }

    /** Whether Patroni's settings declare any of these still that was not declared before. */
    public boolean stillPassedOn(Collection<LogicalSlot> slots, Map<String, String> captured) {
        return settings.read().stream()
                .anyMatch(patroni ->
                        slots.stream()
                                .anyMatch(slot ->
                                        ours(slot, captured)
                                                && isSet(patroni.path("slots").path(slot.name()))));
    }

    /**
     * Takes them out of Patroni's settings ourselves: an operator that restarted in between no
     * longer knows that it put them there (facts/operators.md §2.10).
     */
    public void strike(Collection<LogicalSlot> slots, Map<String, String> captured) {
        settings.change(patroni -> {
            if (patroni.path("slots") instanceof ObjectNode declared) {
                slots.stream()
                        .filter(slot -> ours(slot, captured))
                        .forEach(slot -> declared.remove(slot.name()));
            }
        });
    }

    /** Lets Patroni judge the slots again; last of all, because it drops them then. */
    public void unignore(Collection<LogicalSlot> slots, Map<String, String> captured) {
        if (settings.read().isEmpty()) {
            return;
        }
        settings.change(patroni -> {
            if (patroni.path("ignore_slots") instanceof ArrayNode list) {
                for (LogicalSlot slot : slots) {
                    if (ABSENT.equals(captured.getOrDefault("ignored." + slot.name(), ABSENT))) {
                        remove(list, slot.exemption());
                    }
                }
                if (list.isEmpty() && ABSENT.equals(captured.get("ignoreSlots"))) {
                    patroni.remove("ignore_slots");
                }
            }
            if (patroni.path("slots") instanceof ObjectNode declared
                    && declared.isEmpty()
                    && ABSENT.equals(captured.get("passedOn"))) {
                patroni.remove("slots");
            }
        });
    }

    private static void remove(ArrayNode list, JsonNode entry) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).equals(entry)) {
                list.remove(i);
            }
        }
    }

    private static boolean ours(LogicalSlot slot, Map<String, String> captured) {
        return ABSENT.equals(captured.getOrDefault("declared." + slot.name(), ABSENT));
    }

    private ArrayNode fresh(JsonNode before) {
        if (isSet(before)) {
            throw new SwitchbackException(
                    Code.NOT_READABLE,
                    settings.display(),
                    "ignore_slots is not a list",
                    "patronictl edit-config " + cluster + ", and mend it");
        }
        return JsonNodeFactory.instance.arrayNode();
    }

    private static JsonNode ignored(Optional<ObjectNode> patroni) {
        return patroni.orElseGet(JsonNodeFactory.instance::objectNode).path("ignore_slots");
    }

    private static boolean exempted(LogicalSlot slot, JsonNode list) {
        for (JsonNode entry : list) {
            if (slot.exemptedBy(entry)) {
                return true;
            }
        }
        return false;
    }

    private boolean declares(LogicalSlot slot, JsonNode declared, String where) {
        JsonNode found = declared.path(slot.name());
        if (!isSet(found)) {
            return false;
        }
        JsonNode wanted = slot.declaration();
        for (var field : wanted.properties()) {
            if (!field.getValue().equals(found.path(field.getKey()))) {
                throw new SwitchbackException(
                        Code.SLOT_DECLARED_OTHERWISE,
                        where,
                        "declares slot " + slot.name() + " as " + found + ", not as " + wanted,
                        "remove spec.patroni.slots."
                                + slot.name()
                                + " of postgresql "
                                + cluster
                                + " if nobody uses it, and run it again");
            }
        }
        return true;
    }

    private static ObjectNode slotsPatch(ObjectNode slots) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("spec").putObject("patroni").set("slots", slots);
        return patch;
    }

    private void patchObject(Function<KubeObject, Optional<ObjectNode>> change) {
        PostgresqlPatch.apply(kube, namespace, cluster, TRIES, change);
    }

    private KubeObject object() {
        return PostgresqlPatch.object(kube, namespace, cluster);
    }

    private String display() {
        return namespace + "/" + cluster;
    }

    private static String present(JsonNode node) {
        return isSet(node) ? "present" : ABSENT;
    }

    private static boolean isSet(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }
}
