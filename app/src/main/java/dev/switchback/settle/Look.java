package dev.switchback.settle;

import dev.switchback.settle.WatchRecord.LateWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one look at both sides showed; filled by the readers, one after the other. */
public final class Look {
    private final Instant at;
    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, String> unread = new TreeMap<>();
    private final Map<String, String> memory;
    private final List<LateWriter> lateWriters = new ArrayList<>();

    Look(Instant at, Map<String, String> memory) {
        this.at = at;
        this.memory = new TreeMap<>(memory);
    }

    public Instant at() {
        return at;
    }

    void put(Metric metric, double value, String... labels) {
        samples.add(Sample.of(metric, value, "", labels));
    }

    void put(Metric metric, long value, String... labels) {
        put(metric, (double) value, labels);
    }

    void say(Metric metric, long value, String words, String... labels) {
        say(metric, (double) value, words, labels);
    }

    void say(Metric metric, double value, String words, String... labels) {
        samples.add(Sample.of(metric, value, words, labels));
    }

    void unread(String reading, String why) {
        unread.put(reading, why);
    }

    void late(LateWriter writer) {
        lateWriters.add(writer);
    }

    /** What the next look will find; changed in place. */
    Map<String, String> memory() {
        return memory;
    }

    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    List<Sample> of(Metric metric) {
        return samples.stream().filter(s -> s.metric() == metric).toList();
    }

    /** Readings that could not be taken, with why. */
    public Map<String, String> unread() {
        return Map.copyOf(unread);
    }

    List<LateWriter> lateWriters() {
        return List.copyOf(lateWriters);
    }
}
