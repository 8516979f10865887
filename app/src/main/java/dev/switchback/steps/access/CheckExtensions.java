package dev.switchback.steps.access;

import dev.switchback.copy.ExtensionData;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Every extension in use, but those the operator brought, can be created on the target. */
public final class CheckExtensions implements Step {
    private final World world;

    public CheckExtensions(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "check-extensions";
    }

    @Override
    public String title() {
        return "Check that the target has every extension in use";
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        Set<String> available;
        try (Connection target = Pg.open(world.targetReader("postgres", id()))) {
            available =
                    new HashSet<>(
                            Sql.list(
                                    target,
                                    "SELECT name FROM pg_available_extensions",
                                    row -> row.getString(1)));
        }
        Set<String> used = new TreeSet<>();
        List<Problem> problems = new ArrayList<>();
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()))) {
                for (ExtensionData.UserRows rows :
                        ExtensionData.userRows(source, world.exclusions())) {
                    problems.add(
                            new Problem(
                                    Code.EXTENSION_MISSING,
                                    world.source().display() + "/" + database + " " + rows.table(),
                                    "holds "
                                            + rows.rows()
                                            + " row(s) of configuration of extension '"
                                            + rows.extension()
                                            + "', which this version does not carry",
                                    "move them by hand after the migration, or empty the table"));
                }
                for (String extension :
                        Sql.list(
                                source,
                                "SELECT extname FROM pg_extension ORDER BY 1",
                                row -> row.getString(1))) {
                    if (world.exclusions().extension(extension)) {
                        continue;
                    }
                    used.add(extension);
                    if (!available.contains(extension)) {
                        problems.add(
                                new Problem(
                                        Code.EXTENSION_MISSING,
                                        world.source().display() + "/" + database,
                                        "uses extension '"
                                                + extension
                                                + "', which the target's image does not have",
                                        "use an image with "
                                                + extension
                                                + " (spec.imageName), or drop the extension"));
                    }
                }
            }
        }
        return problems.isEmpty()
                ? Observation.done("used", String.join(",", used))
                : new Observation.Impossible(problems);
    }
}
