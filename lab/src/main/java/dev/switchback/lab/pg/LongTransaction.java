package dev.switchback.lab.pg;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A transaction that stays open until it is closed: a batch job, or somebody's psql. It has a
 * transaction id, for which the creation of a logical slot waits, and changes nothing.
 */
public final class LongTransaction implements AutoCloseable {
    private final Connection connection;
    private final int pid;

    private LongTransaction(Connection connection, int pid) {
        this.connection = connection;
        this.pid = pid;
    }

    /** Begun in this session's database, by this login. */
    public static LongTransaction begin(ConnectionSpec login) throws SQLException {
        Connection connection = Pg.open(login);
        try {
            connection.setAutoCommit(false);
            Sql.run(connection, "SELECT txid_current()");
            return new LongTransaction(
                    connection, Integer.parseInt(Sql.one(connection, "SELECT pg_backend_pid()")));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Of its server process. */
    public int pid() {
        return pid;
    }

    /** Whether nobody has ended it. */
    public boolean isOpen() {
        try {
            return Sql.one(connection, "SELECT pg_backend_pid()").equals(String.valueOf(pid));
        } catch (SQLException e) {
            return false;
        }
    }

    /** Commits, and says whether the server still knew of it. */
    public boolean commit() {
        try {
            connection.commit();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
