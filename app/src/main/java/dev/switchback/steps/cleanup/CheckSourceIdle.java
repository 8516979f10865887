package dev.switchback.steps.cleanup;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fence.Spared;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.List;

/** No application is connected to the source: the guide's "verify no Zalando connections". */
public final class CheckSourceIdle extends Check {
    public CheckSourceIdle(World world) {
        super(
                world,
                Chapter.CLEANUP,
                "check-source-idle",
                "No application is connected to the source");
    }

    private static final String SESSIONS =
            """
            SELECT coalesce(host(a.client_addr), 'socket'), a.usename, a.application_name, count(*), r.rolsuper
            FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
            WHERE a.datname = ? AND a.backend_type = 'client backend'
              AND NOT starts_with(a.application_name, 'switchback/')
            GROUP BY 1, 2, 3, 5 ORDER BY 1, 2, 3
            """;

    private record Session(
            String address, String role, String application, int count, boolean superuser) {}

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        int looked = 0;
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()))) {
                List<Session> sessions =
                        Sql.list(
                                source,
                                SESSIONS,
                                row ->
                                        new Session(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getString(3),
                                                row.getInt(4),
                                                row.getBoolean(5)),
                                database);
                looked += sessions.size();
                sessions.stream()
                        .filter(s -> !watches(s))
                        .forEach(s -> findings.block(inUse(database, s)));
            }
        }
        findings.saw("sessions", String.valueOf(looked));
    }

    /** The operator's own and exporters, as the fence spares them. */
    private boolean watches(Session session) {
        return Spared.DEFAULT.roles().contains(session.role)
                || (session.superuser
                        && Spared.DEFAULT.superuserApplications().contains(session.application))
                || (!session.superuser && world.exclusions().role(session.role));
    }

    private Problem inUse(String database, Session session) {
        return new Problem(
                Code.SOURCE_IN_USE,
                world.source().display() + "/" + database,
                session.count
                        + " session(s) of "
                        + session.role
                        + (session.application.isEmpty() ? "" : "/" + session.application)
                        + " from "
                        + session.address,
                "point it at the target, or stop it",
                "somebody still needs the source");
    }
}
