package dev.switchback.settle;

import dev.switchback.fence.Spared;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.settle.WatchRecord.LateWriter;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who still comes to the fenced source: applications' sessions there now, and statements that it
 * refused since the last look. A session that connects and goes between two looks without writing
 * is not seen; neither is a refused statement where the server logs no errors.
 */
final class LateWriterReader implements Reader {
    static final String NAME = "late writers";

    private static final String SESSIONS =
            """
            SELECT coalesce(host(client_addr), 'local'), usename, application_name, datname,
                   backend_start
            FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND datname = ANY (?)
              AND application_name NOT LIKE 'switchback/%' AND NOT usename = ANY (?)
            ORDER BY backend_start LIMIT 100
            """;

    private final World world;

    LateWriterReader(World world) {
        this.world = world;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void read(Look look, Past past) throws SQLException {
        List<LateWriter> seen = new ArrayList<>();
        try (Connection source = Pg.open(world.source("postgres", "watch"))) {
            seen.addAll(sessions(source, look));
            seen.addAll(
                    new RefusedStatements(world)
                            .since(
                                    source,
                                    look.memory(),
                                    past.record().committedAt(),
                                    past.sinceLast()));
        }
        look.say(
                Metric.LATE_WRITERS,
                seen.size(),
                seen.stream()
                        .map(LateWriterReader::words)
                        .distinct()
                        .limit(5)
                        .collect(Collectors.joining("; ")));
        seen.forEach(look::late);
    }

    static String words(LateWriter writer) {
        return (writer.seen().equals("session") ? "a session of " : "refused: ")
                + or(writer.role(), "an unknown role")
                + " from "
                + or(writer.address(), "an unknown address")
                + (writer.application().isEmpty() ? "" : " (" + writer.application() + ")")
                + " in "
                + or(writer.database(), "an unknown database");
    }

    private static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    /** Operators, exporters and the operators' roles watch; they serve no application. */
    private List<LateWriter> sessions(Connection source, Look look) throws SQLException {
        List<String> roles = new ArrayList<>(Spared.DEFAULT.roles());
        roles.addAll(world.exclusions().roles());
        return Sql.list(
                source,
                SESSIONS,
                row ->
                        new LateWriter(
                                look.at(),
                                "session",
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                "connected since " + row.getTimestamp(5).toInstant()),
                source.createArrayOf("text", world.databases().toArray()),
                source.createArrayOf("text", roles.toArray()));
    }
}
