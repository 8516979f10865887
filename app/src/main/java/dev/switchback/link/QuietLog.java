package dev.switchback.link;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** Keeps the passwords inside a session's statements out of the server's log. */
final class QuietLog {
    private QuietLog() {}

    /** For the rest of the session; needs a superuser. */
    static void set(Connection session) throws SQLException {
        Sql.run(
                session,
                "SET log_statement = 'none'; SET log_min_duration_statement = -1;"
                        + " SET log_min_error_statement = panic; SET log_min_duration_sample = -1;"
                        + " SET log_transaction_sample_rate = 0");
    }
}
