package dev.switchback.diagnose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.steps.World;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the logs of database, pooler, writers and our own pods say about the database, by kind of
 * complaint. Only lines that complain are kept, without literals and secrets: logs hold what users
 * typed. After a switch only lines since its end count; the downtime itself made many.
 */
final class LogLook implements Look {
    private static final Duration LOOKBACK = Duration.ofMinutes(30);

    /** For pods to settle after they were started. */
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private static final int LINES = 2_000;
    private static final int BYTES = 256 * 1024;
    private static final int PODS = 3;
    private static final int KEPT = 200;
    private static final int WIDTH = 500;

    /** What a line complains about, the first that fits. */
    private static final Map<String, Pattern> COMPLAINTS = complaints();

    private static Map<String, Pattern> complaints() {
        Map<String, Pattern> all = new LinkedHashMap<>();
        all.put("no-space", Pattern.compile("(?i)no space left on device|could not extend file"));
        all.put(
                "corrupt",
                Pattern.compile(
                        "(?i)invalid page in block|could not read block|missing chunk number|page verification failed|could not access status of transaction"));
        all.put("out-of-memory", Pattern.compile("(?i)out of memory|OOMKilled"));
        all.put("hba", Pattern.compile("(?i)no pg_hba\\.conf entry|pg_hba\\.conf rejects"));
        all.put(
                "login",
                Pattern.compile(
                        "(?i)password authentication failed|not permitted to log in|role \".*\" does not exist|SASL authentication failed|wrong password type"));
        all.put(
                "tls",
                Pattern.compile(
                        "(?i)certificate verify failed|certificate has expired|certificate is not valid|self.signed certificate|SSL error|unsupported protocol|tlsv1 alert"));
        all.put(
                "pool",
                Pattern.compile(
                        "(?i)query_wait_timeout|ConnectionTimeoutError|could not obtain a (?:database )?connection|no more connections allowed|connection pool (?:exhausted|timeout)|QueuePool limit"));
        all.put(
                "connections",
                Pattern.compile("(?i)too many (?:clients|connections)|remaining connection slots"));
        all.put(
                "prepared",
                Pattern.compile(
                        "(?i)prepared statement \"[^\"]*\" (?:does not exist|already exists)"));
        all.put(
                "read-only",
                Pattern.compile("(?i)read-only transaction|read_only_sql_transaction"));
        all.put(
                "name",
                Pattern.compile(
                        "(?i)could not translate host name|name or service not known|getaddrinfo|ENOTFOUND|no such host"));
        all.put(
                "refused",
                Pattern.compile(
                        "(?i)connection refused|ECONNREFUSED|could not connect to server|no route to host|EHOSTUNREACH"));
        all.put(
                "duplicate-key",
                Pattern.compile("(?i)duplicate key value violates unique constraint"));
        all.put("foreign-key", Pattern.compile("(?i)violates foreign key constraint"));
        all.put(
                "timeout",
                Pattern.compile("(?i)statement timeout|lock timeout|idle-in-transaction timeout"));
        all.put("deadlock", Pattern.compile("(?i)deadlock detected"));
        all.put("checkpoints", Pattern.compile("(?i)checkpoints are occurring too frequently"));
        all.put(
                "other",
                Pattern.compile(
                        "\\b(?:FATAL|PANIC):|\\bERROR:|PG::|ActiveRecord::|SQLSTATE|PSQLException|psycopg"));
        return all;
    }

    @Override
    public String name() {
        return "logs";
    }

    @Override
    public void take(World world, Evidence evidence) throws InterruptedException {
        if (evidence.redactor().blind()) {
            evidence.unread(
                    "logs", "not every Secret can be read, so that logs cannot be cleared of them");
            return;
        }
        Instant from = from(evidence.situation());
        Map<String, Integer> read = new HashMap<>();
        for (Pods.Known known : Pods.of(world, evidence)) {
            if (read.merge(known.role(), 1, Integer::sum) <= PODS) {
                for (JsonNode container : known.pod().spec().path("containers")) {
                    log(world, known, container.path("name").asText(), from, evidence);
                }
            }
        }
    }

    private static Instant from(Situation situation) {
        Instant earliest = situation.now().minus(LOOKBACK);
        Instant switched =
                situation.switched()
                        ? situation
                                .doneAt("start-writers")
                                .map(t -> t.plus(SETTLE))
                                .orElse(earliest)
                        : earliest;
        return switched.isAfter(earliest) ? switched : earliest;
    }

    private static void log(
            World world, Pods.Known known, String container, Instant from, Evidence evidence) {
        String text;
        try {
            text =
                    (known.ofTarget() ? world.targetKube() : world.kube())
                            .log(
                                    known.pod().namespace(),
                                    known.pod().name(),
                                    container,
                                    LOOKBACK,
                                    LINES,
                                    BYTES);
        } catch (SwitchbackException e) {
            // a container that never started has none; its pod says why
            evidence.without("log of " + known.pod().name(), e.problem().what());
            return;
        }
        Map<String, List<String>> lines = new LinkedHashMap<>();
        List<String> kept = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space > 0 && !before(line.substring(0, space), from)) {
                complaint(line.substring(space + 1))
                        .ifPresent(kind -> {
                            String clean = clean(line, evidence.redactor());
                            lines.computeIfAbsent(kind, k -> new ArrayList<>()).add(clean);
                            kept.add(clean);
                        });
            }
        }
        lines.forEach((kind, told) ->
                evidence.saw(
                        Topic.LOG,
                        known.pod().name(),
                        "role",
                        known.role(),
                        "kind",
                        kind,
                        "lines",
                        String.valueOf(told.size()),
                        "last",
                        told.getLast()));
        if (!kept.isEmpty()) {
            evidence.text(
                    "logs/" + known.pod().name() + "-" + container + ".log",
                    String.join("\n", kept.subList(Math.max(0, kept.size() - KEPT), kept.size()))
                            + "\n");
        }
    }

    static java.util.Optional<String> complaint(String line) {
        return COMPLAINTS.entrySet().stream()
                .filter(c -> c.getValue().matcher(line).find())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static String clean(String line, Redactor redactor) {
        String bare = redactor.logLine(line);
        return bare.length() > WIDTH ? bare.substring(0, WIDTH) + "…" : bare;
    }

    private static boolean before(String time, Instant from) {
        try {
            return Instant.parse(time).isBefore(from);
        } catch (DateTimeException e) {
            return false; // a line without a time may be new
        }
    }
}
