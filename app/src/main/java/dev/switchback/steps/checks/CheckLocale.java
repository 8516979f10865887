package dev.switchback.steps.checks;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Both sides sort, compare and fold texts alike: by locale and provider, and by behaviour. A target
 * database that does not exist yet is judged by the collation that it would be created with.
 */
public final class CheckLocale extends Check {
    private static final String WHY =
            "pages sorted by text change, unique indexes over lower(…) and text ranges may refuse rows that"
                    + " the source has";

    public CheckLocale(World world) {
        super(
                world,
                Chapter.TARGET,
                "check-locale",
                "Compare encoding, locale and sort order of both sides");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        Query queries = new Query(world.exclusions(), List.of(), List.of());
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()));
                    Connection server = Pg.open(world.targetReader("postgres", id()))) {
                DatabaseLocale from = DatabaseLocale.of(source, database).orElseThrow();
                findings.saw(database, from.encoding() + ", " + from.words());
                Optional<DatabaseLocale> to = DatabaseLocale.of(server, database);
                if (to.isPresent()) {
                    try (Connection target = Pg.open(world.targetReader(database, id()))) {
                        existing(source, target, from, to.get(), queries, findings);
                    }
                } else {
                    absent(source, server, from, findings);
                }
                versions(source, database, findings);
                collations(source, server, database, from, queries, findings);
            }
        }
    }

    private void existing(
            Connection source,
            Connection target,
            DatabaseLocale from,
            DatabaseLocale to,
            Query queries,
            Findings findings)
            throws SQLException {
        boolean utf8 = from.encoding().equals("UTF8") && to.encoding().equals("UTF8");
        SortOrder here = SortOrder.of(source, "", utf8);
        SortOrder there = SortOrder.of(target, "", utf8);
        Optional<SortOrder.Difference> difference =
                here.sortsUnlike(there).or(() -> here.foldsUnlike(there));
        if (difference.isPresent()) {
            List<String> ranges =
                    Sql.list(source, queries.text("text-ranges"), row -> row.getString(1));
            findings.block(
                    new Problem(
                            Code.LOCALE_DIFFERS,
                            from.database(),
                            "the source ("
                                    + from.words()
                                    + ") "
                                    + difference.get().what()
                                    + " ("
                                    + to.words()
                                    + ")"
                                    + (ranges.isEmpty()
                                            ? ""
                                            : "; partitioned by ranges of text: "
                                                    + String.join(", ", ranges)),
                            "drop the empty database on the target: it is then created with the source's locale;"
                                    + " where its image lacks that locale use another image (not 'minimal')",
                            WHY));
        } else if (!from.sameNames(to)) {
            findings.warn(
                    new Problem(
                            Code.LOCALE_DIFFERS,
                            from.database(),
                            "is "
                                    + from.words()
                                    + " on the source and "
                                    + to.words()
                                    + " on the target; all "
                                    + here.order().size()
                                    + " texts tried behave alike",
                            "drop the empty database on the target if they should be named alike",
                            "texts outside those tried may sort or fold differently"));
        }
    }

    /** The database will be created with the source's locale: is it there, and does it behave? */
    private void absent(
            Connection source, Connection server, DatabaseLocale from, Findings findings)
            throws SQLException {
        List<String> here = from.candidates(source);
        List<String> there = from.candidates(server);
        if (there.isEmpty() && here.isEmpty()) {
            findings.warn(
                    new Problem(
                            Code.NOT_CHECKED,
                            from.database(),
                            "neither side has a collation of its own like "
                                    + from.words()
                                    + " to compare by",
                            "create the database on the target by hand as it is here, then check again",
                            "whether the target can create it, and sorts alike, is not known"));
            return;
        }
        if (there.isEmpty()) {
            findings.fail(
                    new Problem(
                            Code.COLLATION_MISSING,
                            from.database(),
                            "the target's image has no collation like " + from.words(),
                            "use an image with the locale (CloudNativePG's 'standard', not 'minimal')",
                            "the database cannot be created there as it is here"));
            return;
        }
        if (!here.isEmpty()) {
            boolean utf8 = from.encoding().equals("UTF8");
            compare(
                    from.database(),
                    SortOrder.of(source, here.getFirst(), utf8),
                    SortOrder.of(server, there.getFirst(), utf8),
                    findings);
        }
    }

    /** A library that changed under the source's indexes, as far as its version tells. */
    private static void versions(Connection source, String database, Findings findings)
            throws SQLException {
        if (Pg.major(source) < 15) {
            return;
        }
        for (String changed :
                Sql.list(
                        source,
                        Sql.resource(CheckLocale.class, "collation-versions.sql"),
                        row -> changed(row.getString(1), row.getString(2)))) {
            if (!changed.isEmpty()) {
                findings.warn(version(database, changed));
            }
        }
    }

    private static String changed(String recorded, String actual) {
        return recorded.isEmpty() || recorded.equals(actual)
                ? ""
                : "was built with collation version " + recorded + ", the library is now " + actual;
    }

    private static Problem version(String object, String what) {
        return new Problem(
                Code.COLLATION_VERSION,
                object,
                what,
                "REINDEX what sorts texts, then ALTER DATABASE or COLLATION … REFRESH VERSION; check --deep"
                        + " looks for duplicate keys",
                "indexes over texts may be in the old order: they miss rows and let duplicates in");
    }

    private record Used(
            String name, boolean builtin, String first, long relations, String changed) {}

    private void collations(
            Connection source,
            Connection server,
            String database,
            DatabaseLocale from,
            Query queries,
            Findings findings)
            throws SQLException {
        boolean utf8 = from.encoding().equals("UTF8");
        for (Used used :
                Sql.list(
                        source,
                        queries.text("collations-in-use"),
                        row ->
                                new Used(
                                        row.getString(1),
                                        row.getBoolean(2),
                                        row.getString(3),
                                        row.getLong(4),
                                        changed(row.getString(5), row.getString(6))))) {
            String object = database + " collation " + used.name();
            if (!used.changed().isEmpty()) {
                findings.warn(version(object, used.changed()));
            }
            if (!used.builtin()) {
                continue;
            }
            if (Sql.first(
                            server,
                            "SELECT 1 FROM pg_collation WHERE collname = ? AND collnamespace = 'pg_catalog'::regnamespace",
                            used.name())
                    == null) {
                findings.fail(
                        new Problem(
                                Code.COLLATION_MISSING,
                                object,
                                "is used by "
                                        + used.relations()
                                        + " relation(s), the first "
                                        + used.first()
                                        + ", and the target's image does not have it",
                                "use an image with the locale (CloudNativePG's 'standard', not 'minimal')",
                                "creating the column or the index fails on the target"));
                continue;
            }
            String quoted = "pg_catalog." + Sql.identifier(used.name());
            compare(
                    object,
                    SortOrder.of(source, quoted, utf8),
                    SortOrder.of(server, quoted, utf8),
                    findings);
        }
    }

    private static void compare(String object, SortOrder here, SortOrder there, Findings findings) {
        here.sortsUnlike(there)
                .or(() -> here.foldsUnlike(there))
                .ifPresent(difference ->
                        findings.block(
                                new Problem(
                                        Code.LOCALE_DIFFERS,
                                        object,
                                        "the source " + difference.what(),
                                        "use a target image with the source's version of glibc or ICU, or accept it"
                                                + " once the application is known not to depend on it",
                                        WHY)));
    }
}
