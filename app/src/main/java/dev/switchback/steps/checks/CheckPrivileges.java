package dev.switchback.steps.checks;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.ConnectionSpec;
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
 * Our roles on both servers may do what the steps do, asked of PostgreSQL's own privilege functions
 * and tried with nothing. On the target the superuser's login appears only when {@code
 * enable-target-superuser} has run; until then its absence is evidence, not a finding.
 */
public final class CheckPrivileges extends Check {
    private static final String RESTORE =
            "restore the attributes of the operator's superuser role: ALTER ROLE postgres SUPERUSER";

    public CheckPrivileges(World world) {
        super(world, Chapter.ACCESS, "check-privileges", "Check our rights on both servers");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        List<String> databases = world.databases();
        Query queries = new Query(world.exclusions(), databases, List.of());
        try (Connection source = Pg.open(world.source("postgres", id()))) {
            lacking(source, queries, world.source().display(), findings);
        }
        for (String database : databases) {
            try (Connection source = Pg.open(world.source(database, id()))) {
                unreadable(source, queries, database, findings);
            }
        }
        Optional<ConnectionSpec> superuser =
                world.target().superuser("postgres", "switchback/" + world.runId() + "/" + id());
        findings.saw(
                "target", superuser.isPresent() ? "superuser" : "superuser access is still off");
        if (superuser.isPresent() && world.target().superuserAccess()) {
            try (Connection target = Pg.open(superuser.get())) {
                lacking(target, queries, world.target().display(), findings);
            }
        }
    }

    static void lacking(Connection server, Query queries, String display, Findings findings)
            throws SQLException {
        List<String> lacking =
                Sql.list(
                        server,
                        "SELECT * FROM ("
                                + queries.text("privileges").strip()
                                + ") p(what, granted) WHERE granted IS NOT TRUE",
                        row -> row.getString(1));
        String role = Sql.one(server, "SELECT current_user");
        findings.saw(display, role);
        for (String what : lacking) {
            findings.fail(
                    new Problem(
                            Code.PG_PRIVILEGE,
                            display,
                            "role " + role + " may not " + what,
                            RESTORE,
                            "the fence, the copy or the roles cannot be done without it"));
        }
    }

    static void unreadable(Connection source, Query queries, String database, Findings findings)
            throws SQLException {
        for (Problem problem :
                Sql.list(
                        source,
                        queries.text("unreadable"),
                        row ->
                                new Problem(
                                        Code.PG_PRIVILEGE,
                                        database + " " + row.getString(1),
                                        "our role may not read " + row.getString(2),
                                        RESTORE,
                                        "what cannot be read cannot be copied or proven"))) {
            findings.fail(problem);
        }
    }
}
