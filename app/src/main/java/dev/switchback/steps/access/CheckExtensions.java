package dev.switchback.steps.access;

import dev.switchback.cnpg.CnpgSettings;
import dev.switchback.copy.ExtensionData;
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
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every extension in use, but those the operator brought, can be created on the target in a version
 * that is not older, works there, and stays there.
 */
public final class CheckExtensions extends Check {
    /** They work only when their library is loaded at the server's start. */
    private static final Set<String> PRELOADED =
            Set.of(
                    "timescaledb",
                    "citus",
                    "pg_cron",
                    "pgaudit",
                    "pg_stat_statements",
                    "pglogical",
                    "pg_net",
                    "pg_partman_bgw",
                    "pgsodium",
                    "vectors",
                    "vchord",
                    "pg_search");

    public CheckExtensions(World world) {
        super(
                world,
                Chapter.TARGET,
                "check-extensions",
                "Check that the target has every extension in use, and which versions");
    }

    private record Installed(String name, String version) {}

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        ExtensionVersions offered;
        try (Connection target = Pg.open(world.targetReader("postgres", id()))) {
            offered = ExtensionVersions.of(target);
        }
        CnpgSettings settings = new CnpgSettings(world.target().object());
        Set<String> used = new TreeSet<>();
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()))) {
                rows(source, database, findings);
                for (Installed extension :
                        Sql.list(
                                source,
                                "SELECT extname, extversion FROM pg_extension ORDER BY 1",
                                row -> new Installed(row.getString(1), row.getString(2)))) {
                    if (!world.exclusions().extension(extension.name())) {
                        used.add(extension.name() + " " + extension.version());
                        judge(source, database, extension, offered, settings, findings);
                    }
                }
            }
        }
        findings.saw("used", String.join(",", used));
        findings.saw("preloaded", String.join(",", settings.preloaded()));
    }

    private void judge(
            Connection source,
            String database,
            Installed extension,
            ExtensionVersions offered,
            CnpgSettings settings,
            Findings findings)
            throws SQLException {
        String name = extension.name();
        String object = database + " " + name;
        if (!offered.has(name)) {
            findings.fail(
                    new Problem(
                            Code.EXTENSION_MISSING,
                            world.source().display() + "/" + database,
                            "uses extension '"
                                    + name
                                    + "' "
                                    + extension.version()
                                    + ", which the target's image does not have; "
                                    + users(source, name),
                            "use an image with "
                                    + name
                                    + " (spec.imageName), or drop the extension",
                            "the schema cannot be restored without it"));
            return;
        }
        version(source, object, extension, offered, findings);
        if (!settings.keeps(name)) {
            findings.block(
                    new Problem(
                            Code.EXTENSION_SETUP,
                            object,
                            "CloudNativePG drops extension '"
                                    + name
                                    + "' from every database while no parameter of its own is set",
                            "set one in spec.postgresql.parameters of the Cluster, for example "
                                    + (name.equals("pgaudit")
                                            ? "pgaudit.log: none"
                                            : name + ".max: \"5000\""),
                            "it would be restored and vanish at the next restart or switchover"));
        } else if (PRELOADED.contains(name) && !settings.preloaded().contains(name)) {
            findings.block(
                    new Problem(
                            Code.EXTENSION_SETUP,
                            object,
                            "extension '"
                                    + name
                                    + "' works only when its library is loaded at start, and the target loads "
                                    + (settings.preloaded().isEmpty()
                                            ? "none"
                                            : String.join(", ", settings.preloaded())),
                            "add "
                                    + name
                                    + " to spec.postgresql.shared_preload_libraries of the Cluster",
                            "creating or using it fails otherwise"));
        }
    }

    private void version(
            Connection source,
            String object,
            Installed extension,
            ExtensionVersions offered,
            Findings findings)
            throws SQLException {
        String there = offered.unasked(extension.name());
        OptionalInt newer = ExtensionVersions.compare(there, extension.version());
        if (newer.isPresent() && newer.getAsInt() >= 0) {
            // pg_dump's CREATE EXTENSION names no version: a newer default is what arrives
            if (newer.getAsInt() > 0 && !offered.offers(extension.name(), extension.version())) {
                findings.warn(
                        new Problem(
                                Code.EXTENSION_VERSION,
                                object,
                                "is "
                                        + extension.version()
                                        + " on the source and arrives as "
                                        + there
                                        + ", which the target cannot update to from there; "
                                        + users(source, extension.name()),
                                "read the extension's notes on what changed",
                                "functions may be gone or behave differently"));
            }
            return;
        }
        findings.block(
                new Problem(
                        Code.EXTENSION_VERSION,
                        object,
                        "is "
                                + extension.version()
                                + " on the source; the target's image offers "
                                + String.join(
                                        ", ",
                                        offered.offered().getOrDefault(extension.name(), Set.of()))
                                + " and creates "
                                + there
                                + "; "
                                + users(source, extension.name()),
                        "use an image with "
                                + extension.name()
                                + " "
                                + extension.version()
                                + " or newer (spec.imageName)",
                        "what the newer version added would be missing, and the restore may fail on it"));
    }

    private static String users(Connection source, String extension) throws SQLException {
        List<String> words =
                Sql.list(
                        source,
                        Sql.resource(CheckExtensions.class, "extension-users.sql"),
                        row ->
                                row.getLong(1) == 0
                                        ? "nothing of the user's depends on it"
                                        : row.getLong(1)
                                                + " object(s) depend on it, such as "
                                                + row.getString(2),
                        extension);
        return words.getFirst();
    }

    private void rows(Connection source, String database, Findings findings) throws SQLException {
        for (ExtensionData.UserRows rows : ExtensionData.userRows(source, world.exclusions())) {
            findings.fail(
                    new Problem(
                            Code.EXTENSION_MISSING,
                            world.source().display() + "/" + database + " " + rows.table(),
                            "holds "
                                    + rows.rows()
                                    + " row(s) of configuration of extension '"
                                    + rows.extension()
                                    + "', which this version does not carry",
                            "move them by hand after the migration, or empty the table",
                            "they belong to the extension, so neither the copy nor the comparison sees them"));
        }
    }
}
