package dev.switchback.runbook;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.schema.SchemaFingerprint;
import dev.switchback.steps.World;
import dev.switchback.steps.writers.StopWriters;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what a plan depends on: what a person agreed to when looking at it, and what makes the
 * steps do something else. Sizes, rates, times, sessions and the target's content are left out:
 * they move by themselves, and the checks judge them each time.
 */
public final class PlanSections {
    private static final String NAME = "plan";

    private final World world;
    private final Runbook runbook;

    public PlanSections(World world, Runbook runbook) {
        this.world = world;
        this.runbook = runbook;
    }

    /**
     * A fresh read.
     *
     * @throws SwitchbackException when anything of it cannot be read: a hash over less would lie
     */
    public PlanHash hash() {
        return PlanHash.of(contents());
    }

    /**
     * Compares a plan that was agreed to with what is there now.
     *
     * @throws SwitchbackException PLAN_DIFFERS with one problem a section
     */
    public void require(PlanHash agreed) {
        Map<String, String> now = contents();
        List<String> differing = agreed.differences(PlanHash.of(now));
        if (!differing.isEmpty()) {
            throw new SwitchbackException(
                    differing.stream().map(section -> differs(section, now)).toList());
        }
    }

    /** Whether the run has begun to change what a plan was made of: then it is compared no more. */
    public static boolean overtaken(Optional<JournalState> state) {
        return state.filter(s ->
                        switch (s.status()) {
                            case NEW, RELEASED, ABORTED, RETURNED -> false;
                            case RELEASING,
                                    COMMITTED,
                                    COMPLETED,
                                    RETURNING,
                                    STAYING,
                                    RETURN_COMMITTED,
                                    CLEANING,
                                    CLEANED ->
                                    true;
                            case RUNNING ->
                                    s.step(StopWriters.ID)
                                            .filter(r -> r.attempt() == s.attempt())
                                            .filter(r -> r.state() != StepState.UNDONE)
                                            .isPresent();
                        })
                .isPresent();
    }

    private Problem differs(String section, Map<String, String> now) {
        String is = now.getOrDefault(section, "");
        boolean tellable = section.equals("versions") || section.equals("writers");
        return new Problem(
                Code.PLAN_DIFFERS,
                world.migration().display() + " " + section,
                what(section) + (tellable ? "; now: " + is.strip().replace("\n", ", ") : ""),
                "look at 'switchback plan' again, and pass its hash when you agree");
    }

    private static String what(String section) {
        return switch (section) {
            case "document" ->
                    "the migration document says something else than when the plan was made";
            case "steps" -> "this version of Switchback would run other steps";
            case "versions" -> "a server runs another version than when the plan was made";
            case "databases" -> "the databases to move, or their encoding and locale, are others";
            case "schema" ->
                    "the source's schema is not what it was: something was created, dropped or altered";
            case "extensions" ->
                    "extensions of the source, or what the target offers of them, are others";
            case "writers" -> "the writers run otherwise than when the plan was made";
            case "endpoints" -> "the values that would be changed, or become, are others";
            default -> "the plan differs";
        };
    }

    private Map<String, String> contents() {
        Map<String, String> contents = new LinkedHashMap<>();
        contents.put("document", Canonical.text(world.migration()));
        StringBuilder steps = new StringBuilder();
        runbook.entries().forEach(e -> line(steps, e.phase().word(), e.step().id()));
        contents.put("steps", steps.toString());
        databases(contents);
        StringBuilder writers = new StringBuilder();
        world.writers().settings().forEach((writer, setting) -> line(writers, writer, setting));
        contents.put("writers", writers.toString());
        StringBuilder endpoints = new StringBuilder();
        world.endpoints()
                .pending()
                .forEach(
                        c -> line(endpoints, c.key().id(), c.shownBefore() + ">" + c.shownAfter()));
        contents.put("endpoints", endpoints.toString());
        return contents;
    }

    private void databases(Map<String, String> contents) {
        StringBuilder versions = new StringBuilder();
        StringBuilder databases = new StringBuilder();
        StringBuilder schema = new StringBuilder();
        StringBuilder extensions = new StringBuilder();
        try (Connection target = Pg.open(world.targetReader("postgres", NAME))) {
            line(versions, "target", Sql.one(target, "SHOW server_version"));
            for (String database : world.databases()) {
                try (Connection source = Pg.open(world.source(database, NAME))) {
                    if (databases.isEmpty()) {
                        line(versions, "source", Sql.one(source, "SHOW server_version"));
                    }
                    line(databases, database, properties(source));
                    SchemaFingerprint.of(source, world.exclusions())
                            .forEach((key, definition) ->
                                    line(schema, database + " " + key, definition));
                    extensions(database, source, target, extensions);
                }
            }
        } catch (SQLException e) {
            throw new SwitchbackException(
                    Code.PG_FAILED,
                    world.migration().display(),
                    "reading what the plan depends on failed: " + Pg.words(e),
                    "try again");
        }
        contents.put("versions", versions.toString());
        contents.put("databases", databases.toString());
        contents.put("schema", schema.toString());
        contents.put("extensions", extensions.toString());
    }

    private static String properties(Connection source) throws SQLException {
        return Sql.one(
                source,
                """
                SELECT concat_ws(' ', pg_encoding_to_char(encoding), datcollate, datctype,
                                 pg_get_userbyid(datdba))
                  FROM pg_database WHERE datname = current_database()
                """);
    }

    private void extensions(
            String database, Connection source, Connection target, StringBuilder into)
            throws SQLException {
        List<String[]> used =
                Sql.list(
                        source,
                        "SELECT extname, extversion FROM pg_extension ORDER BY extname COLLATE \"C\"",
                        row -> new String[] {row.getString(1), row.getString(2)});
        for (String[] extension : used) {
            if (!world.exclusions().extension(extension[0])) {
                String offered =
                        Sql.first(
                                target,
                                "SELECT default_version FROM pg_available_extensions WHERE name = ?",
                                extension[0]);
                line(into, database + " " + extension[0], extension[1] + " " + offered);
            }
        }
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append('=').append(value).append('\n');
    }
}
