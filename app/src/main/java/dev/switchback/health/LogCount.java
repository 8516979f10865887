package dev.switchback.health;

import dev.switchback.health.ApplicationHealth.Log;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/**
 * Counts the lines of logs that tell of an error. The lines carry the kubelet's time stamps, so
 * that the span they cover is known even when a log was cut at its beginning. No line is kept: logs
 * hold what users typed.
 */
final class LogCount {
    /** How Ruby, Node, Go, Python, Java and libpq complain about their database. */
    private static final Pattern DATABASE =
            Pattern.compile(
                    "PG::|ActiveRecord::(?:ConnectionNotEstablished|ConnectionTimeout|StatementInvalid"
                            + "|NoDatabase|DatabaseConnection|ReadOnly)|SQLSTATE|PSQLException|psycopg"
                            + "|could not connect to server|connection to server .{0,80} failed"
                            + "|server closed the connection|terminating connection"
                            + "|remaining connection slots|too many (?:clients|connections)"
                            + "|no more connections allowed|read-only transaction"
                            + "|ECONN(?:REFUSED|RESET).{0,40}5432|FATAL: +(?:password|role|database|the)");

    private static final Pattern ERROR =
            Pattern.compile(
                    "\\b(?:ERROR|FATAL|CRITICAL|PANIC|SEVERE)\\b"
                            + "|\"(?:level|severity)\" ?: ?\"(?i:error|fatal|critical|panic)\""
                            + "|\\blevel=(?:error|fatal|critical|panic)\\b"
                            + "|Traceback \\(most recent call last\\)"
                            + "|[Uu]n(?:handled|caught) (?:exception|rejection|[Pp]romise)");

    private long lines;
    private long errors;
    private long databaseErrors;
    private Duration span = Duration.ZERO;

    /**
     * @param log lines that each begin with their time, oldest first
     */
    void add(String log, Instant now) {
        boolean first = true;
        for (String line : log.split("\n", -1)) {
            if (line.isBlank()) {
                continue;
            }
            int space = line.indexOf(' ');
            if (first && space > 0) {
                try {
                    Duration covered =
                            Duration.between(Instant.parse(line.substring(0, space)), now);
                    span = covered.compareTo(span) > 0 ? covered : span;
                } catch (DateTimeParseException e) {
                    span = ApplicationHealth.LOOKBACK;
                }
                first = false;
            }
            lines++;
            String text = line.substring(space + 1);
            boolean database = DATABASE.matcher(text).find();
            databaseErrors += database ? 1 : 0;
            errors += database || ERROR.matcher(text).find() ? 1 : 0;
        }
    }

    Log log(String unread, Duration least) {
        Duration told =
                span.compareTo(ApplicationHealth.LOOKBACK) > 0 ? ApplicationHealth.LOOKBACK : span;
        return new Log(
                lines == 0 ? 0 : Math.max(least.toSeconds(), told.toSeconds()),
                lines,
                errors,
                databaseErrors,
                unread);
    }
}
