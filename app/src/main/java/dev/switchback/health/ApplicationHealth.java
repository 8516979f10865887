package dev.switchback.health;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.workload.Writers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * One reading of the applications' health: their pods, what their logs complain about, their
 * sessions, and how fast the database answers. The guide's step 1.3, kept in the journal for later
 * comparison. Holds no secrets, no line of a log and no literal of a query.
 *
 * @param at when it was read, ISO-8601 in UTC
 */
public record ApplicationHealth(String at, List<Writer> writers, List<Database> databases) {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** How long pods that are just starting are given before they count as not ready. */
    private static final Duration SETTLE = Duration.ofSeconds(3);

    /** How far back logs are read. */
    public static final Duration LOOKBACK = Duration.ofMinutes(5);

    /**
     * One writer of the document.
     *
     * @param name {@code deployment/mastodon-web}
     * @param asked pods it is set to run; 0 for a CronJob
     * @param restarts of all containers of its pods, since these were made
     * @param troubles pods that do not serve, or restarted not long ago
     */
    public record Writer(
            String name, int asked, int ready, int restarts, List<Trouble> troubles, Log log) {}

    /**
     * What is wrong with a pod.
     *
     * @param serving false when it does not serve now; true for one that serves but restarted
     *     within {@link #LOOKBACK}
     */
    public record Trouble(String pod, String what, boolean serving) {}

    /**
     * What the logs of a writer's pods say.
     *
     * @param seconds the span that was read, at most {@link #LOOKBACK}; less when a log is longer
     *     than what we read of it
     * @param errors lines that tell of an error, those about the database included
     * @param databaseErrors lines that tell of the database refusing, failing or missing
     * @param unread why a log could not be read; empty when all were
     */
    public record Log(long seconds, long lines, long errors, long databaseErrors, String unread) {
        @JsonIgnore
        public double errorsPerMinute() {
            return seconds == 0 ? 0 : errors * 60.0 / seconds;
        }

        @JsonIgnore
        public double databaseErrorsPerMinute() {
            return seconds == 0 ? 0 : databaseErrors * 60.0 / seconds;
        }
    }

    /**
     * What one database showed.
     *
     * @param sessions of applications, by application and role
     * @param latencies measured by us, each the median of several
     * @param statements those that took most of the server's time, as {@code pg_stat_statements}
     *     counts them
     * @param statementsUnread why there are none; empty when there are
     */
    public record Database(
            String name,
            int active,
            List<Sessions> sessions,
            List<Latency> latencies,
            List<Statement> statements,
            String statementsUnread) {}

    public record Sessions(String application, String role, int count) {}

    /**
     * @param what {@code round trip}, or {@code last row of schema.table}: the same words name the
     *     same measurement on another server
     * @param micros median
     */
    public record Latency(String what, long micros) {}

    /**
     * A normalized statement.
     *
     * @param fingerprint digest of its text with white space evened out: the same on another
     *     server, where {@code queryid} is not
     * @param text its beginning, without literals
     * @param meanMillis since the counters began
     */
    public record Statement(String fingerprint, String text, long calls, double meanMillis) {}

    /**
     * Reads all of it, within a second or two.
     *
     * @param databases a session's description for each database, of a role that sees all sessions
     * @throws SwitchbackException when pods or a database cannot be read; a log or {@code
     *     pg_stat_statements} that cannot be read is said in the result
     */
    public static ApplicationHealth read(
            Kube kube, Writers writers, List<ConnectionSpec> databases, Exclusions exclusions)
            throws InterruptedException {
        List<Writer> pods = new WriterReader(kube, writers, LOOKBACK).read(SETTLE);
        List<Database> read = new ArrayList<>();
        for (ConnectionSpec spec : databases) {
            read.add(readDatabase(spec, exclusions));
        }
        return new ApplicationHealth(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), pods, read);
    }

    /**
     * The writers alone, without waiting for pods that are starting.
     *
     * @param lookback how far back their logs are read, in whole seconds
     */
    public static List<Writer> readWriters(Kube kube, Writers writers, Duration lookback)
            throws InterruptedException {
        return new WriterReader(kube, writers, lookback).read(Duration.ZERO);
    }

    /**
     * One database alone.
     *
     * @throws SwitchbackException PG_FAILED with the server's words
     */
    public static Database readDatabase(ConnectionSpec spec, Exclusions exclusions) {
        try (Connection connection = Pg.open(spec)) {
            return DatabaseReader.read(connection, exclusions);
        } catch (SQLException e) {
            throw new SwitchbackException(
                    Code.PG_FAILED,
                    spec.display(),
                    "reading its sessions and latency failed: " + Pg.words(e),
                    "try again");
        }
    }

    /** One line, for the journal. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a reading of health cannot be written", e);
        }
    }

    /**
     * @throws IllegalStateException when the text was not written by {@link #toJson}
     */
    public static ApplicationHealth fromJson(String json) {
        try {
            return JSON.readValue(json, ApplicationHealth.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "the journal's reading of health cannot be understood", e);
        }
    }
}
