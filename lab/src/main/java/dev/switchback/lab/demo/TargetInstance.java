package dev.switchback.lab.demo;

import dev.switchback.lab.kube.CnpgInstance;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Tls;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The instance manager's SQL, as the operator would run it.
 *
 * @param target the primary
 */
public record TargetInstance(PgServer target) implements CnpgInstance {
    @Override
    public void setPassword(String role, String password) {
        run("ALTER ROLE " + Sql.identifier(role) + " PASSWORD " + Sql.literal(password));
    }

    @Override
    public void clearPassword(String role) {
        run("ALTER ROLE " + Sql.identifier(role) + " PASSWORD NULL");
    }

    /** Beside the server, where nobody asks for its certificate. */
    private ConnectionSpec inside() {
        ConnectionSpec outside = target.superuser("postgres");
        return new ConnectionSpec(
                outside.host(),
                outside.hostAddress(),
                outside.port(),
                outside.database(),
                outside.user(),
                outside.password(),
                Tls.require(),
                outside.applicationName());
    }

    private void run(String sql) {
        try (Connection connection = Pg.open(inside())) {
            Sql.run(connection, "SET log_statement = 'none'");
            Sql.run(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException("the simulated operator failed", e);
        }
    }
}
