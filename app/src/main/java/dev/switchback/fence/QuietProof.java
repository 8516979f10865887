package dev.switchback.fence;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One reading of everything that must not move between the fence and the switch. Pure data, fit for
 * a journal through {@link #toMap} and {@link #fromMap}.
 *
 * @param fencedAt the server's clock when the last application session was ended: every application
 *     session alive began later, with all triggers in place
 * @param databases the counters by database name
 */
public record QuietProof(Instant fencedAt, Map<String, Counters> databases) {
    private static final String FENCED_AT = "fencedAt";

    /**
     * What is compared, for one database.
     *
     * @param rowChanges rows inserted, updated and deleted in user tables since statistics began
     * @param sequences count, sum of last values, and digest of every (last_value, is_called)
     * @param largeObjects count and digest of the versions of all large objects
     * @param definitions count and digest of the versions of all tables, columns, constraints,
     *     triggers, functions
     * @param prepared prepared transactions
     * @param oldSessions application sessions older than the fence
     */
    public record Counters(
            long rowChanges,
            String sequences,
            String largeObjects,
            String definitions,
            long prepared,
            long oldSessions) {

        private String text() {
            return String.join(
                    " ",
                    String.valueOf(rowChanges),
                    sequences,
                    largeObjects,
                    definitions,
                    String.valueOf(prepared),
                    String.valueOf(oldSessions));
        }

        private static Counters parse(String text) {
            String[] parts = text.split(" ");
            if (parts.length != 6) {
                throw new IllegalStateException(
                        "the journal holds counters of another version: " + text);
            }
            return new Counters(
                    Long.parseLong(parts[0]),
                    parts[1],
                    parts[2],
                    parts[3],
                    Long.parseLong(parts[4]),
                    Long.parseLong(parts[5]));
        }
    }

    public QuietProof {
        databases = Map.copyOf(databases);
    }

    /** Plain values for the journal. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(FENCED_AT, fencedAt.toString());
        new TreeMap<>(databases).forEach((name, c) -> map.put("quiet/" + name, c.text()));
        return map;
    }

    /**
     * The inverse of {@link #toMap}; other entries of the map are passed over.
     *
     * @throws IllegalStateException when the map holds no such reading
     */
    public static QuietProof fromMap(Map<String, String> map) {
        String at = map.get(FENCED_AT);
        if (at == null) {
            throw new IllegalStateException("the journal lacks the reading taken at the fence");
        }
        Map<String, Counters> databases = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (key.startsWith("quiet/")) {
                databases.put(key.substring("quiet/".length()), Counters.parse(value));
            }
        });
        return new QuietProof(Instant.parse(at), databases);
    }

    /**
     * What moved between this reading and a {@code later} one; empty means that nothing did. A
     * server that lost its statistics in a crash counts as moved: not proven is not fine.
     */
    public List<Problem> changesUntil(QuietProof later) {
        List<Problem> problems = new ArrayList<>();
        if (!databases.keySet().equals(later.databases.keySet())) {
            problems.add(
                    problem(
                            String.join(", ", databases.keySet()),
                            "the later reading is of other databases: "
                                    + String.join(", ", later.databases.keySet())));
            return problems;
        }
        new TreeMap<>(databases)
                .forEach((name, was) -> compare(name, was, later.databases.get(name), problems));
        return problems;
    }

    private static void compare(
            String name,
            Counters was,
            @org.jspecify.annotations.Nullable Counters is,
            List<Problem> problems) {
        if (is == null) {
            throw new IllegalArgumentException("no counters of " + name);
        }
        if (was.rowChanges != is.rowChanges) {
            problems.add(
                    problem(
                            name,
                            "rows changed in user tables since the fence (counter "
                                    + was.rowChanges
                                    + ", now "
                                    + is.rowChanges
                                    + ")"));
        }
        moved(name, "sequences", was.sequences, is.sequences, problems);
        moved(name, "large objects", was.largeObjects, is.largeObjects, problems);
        moved(name, "definitions", was.definitions, is.definitions, problems);
        if (is.prepared != 0) {
            problems.add(problem(name, is.prepared + " prepared transactions"));
        }
        if (is.oldSessions != 0) {
            problems.add(
                    problem(name, is.oldSessions + " application sessions older than the fence"));
        }
    }

    private static void moved(
            String name, String what, String was, String is, List<Problem> problems) {
        if (!was.equals(is)) {
            problems.add(
                    problem(name, what + " changed since the fence (" + was + ", now " + is + ")"));
        }
    }

    private static Problem problem(String database, String what) {
        return new Problem(
                Code.SOURCE_NOT_QUIET,
                database,
                what,
                "find the session in the server's log (only a superuser gets past the fence), stop it, and run again");
    }
}
