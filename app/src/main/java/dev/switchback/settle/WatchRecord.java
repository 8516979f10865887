package dev.switchback.settle;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What watching found since the switch, as one document that is swapped as a whole. A second {@code
 * watch} goes on from it. Holds no secrets, no line of a log and no literal of a query.
 *
 * @param apiVersion {@link #API_VERSION}
 * @param migrationUid the journal's: another migration's record is begun anew
 * @param committedAt when the target was opened: what was seen before belongs to another attempt
 * @param from first look; null before it
 * @param lastLook null before the first
 * @param watchedSeconds time between looks that was really watched: gaps of a process that was away
 *     are left out
 * @param looks how many there were
 * @param stableFrom start of the present stretch without a firing alert; null while one fires
 * @param alerts how each alert stands, by name
 * @param transitions what fired and cleared, the newest {@value #MAX_TRANSITIONS}
 * @param firings how often an alert fired in all
 * @param lateWriters who came to the fenced source after the switch, the newest {@value
 *     #MAX_LATE_WRITERS}
 * @param baselines response times and sizes at named moments: {@code before} the switch, {@code
 *     settled} a day after
 * @param backup the first backup of the target; null before it was asked for
 * @param memory what the next look compares with: counters, positions in logs
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WatchRecord(
        String apiVersion,
        String migrationUid,
        @Nullable Instant committedAt,
        @Nullable Instant from,
        @Nullable Instant lastLook,
        long watchedSeconds,
        long looks,
        @Nullable Instant stableFrom,
        List<AlertState> alerts,
        List<AlertEvent> transitions,
        long firings,
        List<LateWriter> lateWriters,
        Map<String, Baseline> baselines,
        @Nullable BackupProof backup,
        Map<String, String> memory) {

    public static final String API_VERSION = "switchback.dev/watch-v1";
    public static final int MAX_TRANSITIONS = 200;
    public static final int MAX_LATE_WRITERS = 50;

    public WatchRecord {
        alerts = alerts == null ? List.of() : List.copyOf(alerts);
        transitions = transitions == null ? List.of() : newest(transitions, MAX_TRANSITIONS);
        lateWriters = lateWriters == null ? List.of() : newest(lateWriters, MAX_LATE_WRITERS);
        baselines = baselines == null ? Map.of() : Map.copyOf(baselines);
        memory = memory == null ? Map.of() : Map.copyOf(memory);
    }

    private static <T> List<T> newest(List<T> all, int most) {
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }

    /** Before the first look. */
    public static WatchRecord first(String migrationUid, @Nullable Instant committedAt) {
        return new WatchRecord(
                API_VERSION,
                migrationUid,
                committedAt,
                null,
                null,
                0,
                0,
                null,
                List.of(),
                List.of(),
                0,
                List.of(),
                Map.of(),
                null,
                Map.of());
    }

    /**
     * How one alert stands.
     *
     * @param state {@code ok}, {@code firing} or {@code unknown}: what it looks at could not be
     *     read
     * @param since when it came to this state
     * @param streak looks in a row that spoke for the other state
     * @param what what was seen last, in words
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record AlertState(String alert, String state, Instant since, int streak, String what) {
        public static final String OK = "ok";
        public static final String FIRING = "firing";
        public static final String UNKNOWN = "unknown";

        public AlertState {
            what = what == null ? "" : what;
        }

        @JsonIgnore
        public boolean isFiring() {
            return state.equals(FIRING);
        }
    }

    /**
     * A change of an alert.
     *
     * @param change {@code fired} or {@code cleared}
     * @param what what was seen, in words
     * @param told whether its Kubernetes Events are written
     */
    public record AlertEvent(
            String alert,
            String severity,
            String change,
            Instant at,
            String what,
            String remedy,
            boolean told) {}

    /**
     * Somebody at the fenced source who is not one of us.
     *
     * @param at when it was seen, or when the server logged it
     * @param seen {@code session}: was connected; {@code refused}: the fence refused its statement
     * @param what what it did, in the server's words; never the statement
     */
    public record LateWriter(
            Instant at,
            String seen,
            String address,
            String role,
            String application,
            String database,
            String what) {
        /** Where it comes from and who it is: a second sight of the same is no new one. */
        String identity() {
            return seen + " " + address + " " + role + " " + application + " " + database;
        }
    }

    /**
     * How fast and how large it was.
     *
     * @param seconds median response by measurement: {@code mastodon: round trip}
     * @param bytes size of each database
     * @param statements the slowest that {@code pg_stat_statements} counts, without literals: mean
     *     seconds by text
     * @param statementsUnread why there are none; empty when there are
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Baseline(
            Instant at,
            Map<String, Double> seconds,
            Map<String, Long> bytes,
            Map<String, Double> statements,
            String statementsUnread) {
        public Baseline {
            seconds = seconds == null ? Map.of() : Map.copyOf(seconds);
            bytes = bytes == null ? Map.of() : Map.copyOf(bytes);
            statements = statements == null ? Map.of() : Map.copyOf(statements);
            statementsUnread = statementsUnread == null ? "" : statementsUnread;
        }
    }

    /**
     * The first backup of the target, and how far its proof has come.
     *
     * @param method {@code plugin}, {@code barmanObjectStore}, {@code volumeSnapshot} or {@code
     *     none}
     * @param name of the Backup object; empty when none could be asked for
     * @param state {@code requested}, {@code completed}, {@code failed}, {@code proven} or {@code
     *     none}
     * @param stoppedAt when the backup ended, by its own word
     * @param archivedWal a WAL file written after the backup that the server says is archived
     * @param words the operator's or server's own
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record BackupProof(
            String method,
            String name,
            String state,
            Instant at,
            @Nullable Instant stoppedAt,
            String archivedWal,
            String words) {
        public BackupProof {
            archivedWal = archivedWal == null ? "" : archivedWal;
            words = words == null ? "" : words;
        }

        @JsonIgnore
        public boolean proven() {
            return state.equals("proven");
        }
    }

    /**
     * Start of the present stretch after the commit point without a firing alert; empty while one
     * fires, and before the first look. Time in which nobody watched is part of the stretch unless
     * a later look found what happened in it: see {@link #watched}.
     */
    public Optional<Instant> stableSince() {
        return Optional.ofNullable(stableFrom);
    }

    /** How long was really watched. */
    public Duration watched() {
        return Duration.ofSeconds(watchedSeconds);
    }

    /** The alerts that fire now. */
    public List<AlertState> firing() {
        return alerts.stream().filter(AlertState::isFiring).toList();
    }

    public Optional<AlertState> alert(String name) {
        return alerts.stream().filter(a -> a.alert().equals(name)).findFirst();
    }

    /** Whether a backup of the target is proven, WAL after it included. */
    public boolean backupProven() {
        return backup != null && backup.proven();
    }
}
