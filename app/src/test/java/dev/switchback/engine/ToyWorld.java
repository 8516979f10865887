package dev.switchback.engine;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What toy steps change: outlives runs and crashes, and remembers every breach of one side. */
final class ToyWorld {
    private final Map<String, String> facts = new TreeMap<>();
    final List<String> acts = new CopyOnWriteArrayList<>();
    final List<String> breaches = new CopyOnWriteArrayList<>();

    ToyWorld() {
        facts.putAll(
                Map.of(
                        "roles", "none",
                        "slot", "none",
                        "writers", "3",
                        "fence", "off",
                        "reverse", "none",
                        "endpoint", "source",
                        "target", "closed",
                        "probe", "none"));
    }

    synchronized String get(String name) {
        return facts.getOrDefault(name, "");
    }

    synchronized void set(String name, String value) {
        facts.put(name, value);
        acts.add(name + "=" + value);
        if (get("target").equals("open") && !get("fence").equals("on")) {
            breaches.add("both sides open after " + name + "=" + value);
        }
    }

    synchronized Map<String, String> all() {
        return new TreeMap<>(facts);
    }

    boolean sourceServes() {
        return get("writers").equals("3")
                && get("fence").equals("off")
                && get("endpoint").equals("source")
                && get("target").equals("closed");
    }

    boolean targetServes() {
        return get("writers").equals("3 again")
                && get("fence").equals("on")
                && get("endpoint").equals("target")
                && get("target").equals("open");
    }
}
