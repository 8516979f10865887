package dev.switchback.lab.mastodon;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Rows for the Mastodon-shaped database: made on the server, the same at every run. */
public final class MastodonData {
    private MastodonData() {}

    /**
     * Fills an empty database made by {@link MastodonSchema#create}, in two parallel sessions, then
     * refreshes, analyses and vacuums it.
     *
     * @param superuser a superuser login in that database: triggers and foreign keys rest meanwhile
     * @param scale 1.0 makes 200 to 300 MB on disk; at least 0.005
     */
    public static void fill(ConnectionSpec superuser, double scale) throws SQLException {
        if (scale < 0.005) {
            throw new IllegalArgumentException(
                    "scale " + scale + " is below 0.005: the rows could not refer to each other");
        }
        inParallel(
                List.of(
                        () -> session(superuser, scale, "fill-people.sql"),
                        () -> session(superuser, scale, "fill-statuses.sql")));
        try (Connection c = Pg.open(superuser, Duration.ZERO)) {
            Sql.run(c, "REFRESH MATERIALIZED VIEW public.instances");
            // the temporary functions of the sessions leave nothing behind; statistics are wanted
            Sql.run(c, "VACUUM (ANALYZE)");
        }
    }

    private static String session(ConnectionSpec superuser, double scale, String resource)
            throws SQLException {
        try (Connection c = Pg.open(superuser, Duration.ZERO)) {
            Sql.run(c, "SET lab.scale = " + Sql.literal(String.valueOf(scale)));
            Sql.run(c, "SET search_path = public");
            Sql.run(c, Sql.resource(MastodonData.class, "fill-words.sql"));
            Sql.run(c, Sql.resource(MastodonData.class, resource));
        }
        return resource;
    }

    private static void inParallel(List<Callable<String>> sessions) throws SQLException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> session : threads.invokeAll(sessions)) {
                session.get();
            }
        } catch (ExecutionException e) {
            throw new SQLException("filling failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while filling", e);
        }
    }
}
