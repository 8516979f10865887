package dev.switchback.settle;

import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Sql;
import dev.switchback.settle.WatchRecord.LateWriter;
import dev.switchback.steps.World;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Statements that the fenced source refused, from the server's own log: a refused statement takes
 * its transaction with it, so that no table can hold a trace of it. In this order:
 *
 * <ol>
 *   <li>The {@code csvlog} through the server itself, from where the last look ended: it names
 *       address, role, database and application. Spilo's way to log.
 *   <li>Without one the logs of the source's pods, where the line's prefix tells as much as it
 *       does.
 * </ol>
 */
final class RefusedStatements {
    private static final String FILE = "refused.file";
    private static final String OFFSET = "refused.offset";

    /** Most of a log that one look reads; what is older is passed over at the first look. */
    private static final long MOST = 4L << 20;

    private static final String READ_ONLY = "25006";
    private static final Pattern FENCED =
            Pattern.compile("switchback: database .* is fenced|in a read-only transaction");
    private static final Pattern ADDRESS =
            Pattern.compile("\\b(\\d{1,3}(?:\\.\\d{1,3}){3})\\b|\\b(?:client|host|h)=([^ ,]+)");
    private static final Pattern ROLE = Pattern.compile("\\b(?:user|u)=([^ ,@]+)|\\b(\\w+)@\\w+");
    private static final Pattern DATABASE =
            Pattern.compile("database \"?([^\" ]+)\"? is fenced|\\b(?:db|d)=([^ ,]+)");

    private static final int POD_LINES = 2_000;
    private static final int POD_BYTES = 512 * 1024;

    private final World world;

    RefusedStatements(World world) {
        this.world = world;
    }

    List<LateWriter> since(
            Connection source,
            Map<String, String> memory,
            @Nullable Instant committed,
            Duration lookback)
            throws SQLException {
        String file = Sql.first(source, "SELECT pg_current_logfile('csvlog')");
        List<LateWriter> found =
                file == null ? fromPods(lookback) : fromServer(source, memory, file);
        return found.stream()
                .filter(w -> committed == null || w.at().isAfter(committed))
                .sorted(Comparator.comparing(LateWriter::at))
                .toList();
    }

    private List<LateWriter> fromServer(Connection source, Map<String, String> memory, String file)
            throws SQLException {
        List<LateWriter> found = new ArrayList<>();
        String before = memory.get(FILE);
        if (before != null && !before.equals(file)) {
            // what was still written to the file that was rotated away
            found.addAll(read(source, memory, before));
            memory.put(OFFSET, "0");
        }
        memory.put(FILE, file);
        found.addAll(read(source, memory, file));
        return found;
    }

    private List<LateWriter> read(Connection source, Map<String, String> memory, String file)
            throws SQLException {
        String size = Sql.first(source, "SELECT (pg_stat_file(?, true)).size", file);
        if (size == null) {
            return List.of();
        }
        long end = Long.parseLong(size);
        long kept = Long.parseLong(memory.getOrDefault(OFFSET, "-1"));
        // a file with the same name that is shorter was begun anew
        long from = kept < 0 ? Math.max(0, end - MOST) : kept > end ? 0 : kept;
        long length = Math.min(MOST, end - from);
        byte[] bytes =
                Sql.list(
                                source,
                                "SELECT pg_read_binary_file(?, ?, ?)",
                                row -> row.getBytes(1),
                                file,
                                from,
                                length)
                        .getFirst();
        int lineEnd = lastLineEnd(bytes);
        CsvLog.Parsed parsed = CsvLog.parse(new String(bytes, 0, lineEnd, StandardCharsets.UTF_8));
        long consumed =
                parsed.records().isEmpty() && length == MOST
                        ? length
                        : new String(bytes, 0, lineEnd, StandardCharsets.UTF_8)
                                .substring(0, parsed.consumed())
                                .getBytes(StandardCharsets.UTF_8)
                                .length;
        memory.put(OFFSET, String.valueOf(from + consumed));
        List<LateWriter> found = new ArrayList<>();
        for (List<String> record : parsed.records()) {
            if (refused(record)) {
                found.add(writer(source, record));
            }
        }
        return found;
    }

    private static int lastLineEnd(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private boolean refused(List<String> record) {
        return record.size() > CsvLog.MESSAGE
                && record.get(CsvLog.SQL_STATE).equals(READ_ONLY)
                && world.databases().contains(record.get(CsvLog.DATABASE))
                && !application(record).startsWith(Ours.APPLICATION_PREFIX);
    }

    private static String application(List<String> record) {
        return record.size() > CsvLog.APPLICATION ? record.get(CsvLog.APPLICATION) : "";
    }

    private static LateWriter writer(Connection source, List<String> record) throws SQLException {
        Timestamp at =
                Sql.list(
                                source,
                                "SELECT ?::timestamptz",
                                row -> row.getTimestamp(1),
                                record.get(CsvLog.TIME))
                        .getFirst();
        return new LateWriter(
                at.toInstant(),
                "refused",
                record.get(CsvLog.FROM).replaceFirst(":\\d+$", ""),
                record.get(CsvLog.ROLE),
                application(record),
                record.get(CsvLog.DATABASE),
                record.get(CsvLog.MESSAGE));
    }

    private List<LateWriter> fromPods(Duration lookback) {
        List<LateWriter> found = new ArrayList<>();
        for (KubeObject pod :
                world.kube()
                        .list(
                                Kind.POD,
                                world.source().namespace(),
                                Map.of(
                                        "application",
                                        "spilo",
                                        "cluster-name",
                                        world.source().name()))) {
            String log =
                    world.kube()
                            .log(
                                    pod.namespace(),
                                    pod.name(),
                                    pod.spec().path("containers").path(0).path("name").asText(),
                                    lookback,
                                    POD_LINES,
                                    POD_BYTES);
            log.lines().filter(l -> FENCED.matcher(l).find()).map(this::line).forEach(found::add);
        }
        return found;
    }

    private LateWriter line(String line) {
        int space = line.indexOf(' ');
        Instant at;
        try {
            at = Instant.parse(line.substring(0, Math.max(0, space)));
        } catch (DateTimeParseException e) {
            at = world.clock().instant();
        }
        String text = line.substring(space + 1);
        return new LateWriter(
                at,
                "refused",
                first(ADDRESS, text),
                first(ROLE, text),
                "",
                first(DATABASE, text),
                "the fence refused a statement");
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return "";
        }
        for (int group = 1; group <= matcher.groupCount(); group++) {
            if (matcher.group(group) != null) {
                return matcher.group(group);
            }
        }
        return "";
    }
}
