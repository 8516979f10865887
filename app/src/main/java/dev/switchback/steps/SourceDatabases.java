package dev.switchback.steps;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The source's own databases where the document names none, listed at the first question; a list
 * that could not be read is asked for again.
 */
public final class SourceDatabases {
    private @Nullable List<String> names;

    /**
     * @param source login to any database of the source
     * @throws SwitchbackException PG_FAILED, or what {@link Pg#open} throws
     */
    synchronized List<String> names(Supplier<ConnectionSpec> source) {
        List<String> known = names;
        if (known == null) {
            known = List.copyOf(list(source.get()));
            names = known;
        }
        return known;
    }

    private static List<String> list(ConnectionSpec source) {
        try (Connection connection = Pg.open(source)) {
            return Sql.list(
                    connection,
                    """
                    SELECT datname FROM pg_database
                    WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres' ORDER BY datname
                    """,
                    row -> row.getString(1));
        } catch (SQLException e) {
            throw new SwitchbackException(
                    Code.PG_FAILED,
                    source.display(),
                    "listing its databases failed: " + Pg.words(e),
                    "try again");
        }
    }
}
