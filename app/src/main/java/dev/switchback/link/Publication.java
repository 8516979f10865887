package dev.switchback.link;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one side tells the other: an explicit list of tables, leaves of partitioned ones, so that a
 * table that appears later is seen as a difference instead of failing at the subscriber. It is
 * complete before the slot exists, and no table is ever added: that would need its rows again (and
 * servers without the minor releases of 2025 lose changes of transactions open meanwhile).
 */
public final class Publication {
    private Publication() {}

    /** Tables whose changes are logged: permanent, the user's; the heartbeat is not among them. */
    public static Set<TableId> publishable(Connection connection, Exclusions exclusions)
            throws SQLException {
        return new TreeSet<>(
                Sql.list(
                        connection,
                        Sql.resource(Publication.class, "publishable.sql"),
                        row -> new TableId(row.getString(1), row.getString(2)),
                        exclusions.schemaArray(connection)));
    }

    /** What a publication names; empty when there is none. */
    public static Set<TableId> tables(Connection connection, String publication)
            throws SQLException {
        return new TreeSet<>(
                Sql.list(
                        connection,
                        "SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = ?",
                        row -> new TableId(row.getString(1), row.getString(2)),
                        publication));
    }

    public static boolean exists(Connection connection, String publication) throws SQLException {
        return Sql.first(connection, "SELECT 1 FROM pg_publication WHERE pubname = ?", publication)
                != null;
    }

    /** Publishes the tables and the heartbeat, anew if it is there with another list. */
    public static void create(Connection connection, String publication, Set<TableId> tables)
            throws SQLException {
        List<String> names = new ArrayList<>();
        tables.forEach(t -> names.add("ONLY " + t.sql()));
        names.add(Heartbeat.TABLE.sql());
        Sql.run(
                connection,
                "SET default_transaction_read_only = off; DROP PUBLICATION IF EXISTS "
                        + Sql.identifier(publication)
                        + "; CREATE PUBLICATION "
                        + Sql.identifier(publication)
                        + " FOR TABLE "
                        + String.join(", ", names));
    }

    public static void drop(Connection connection, String publication) throws SQLException {
        Sql.run(
                connection,
                "SET default_transaction_read_only = off; DROP PUBLICATION IF EXISTS "
                        + Sql.identifier(publication));
    }
}
