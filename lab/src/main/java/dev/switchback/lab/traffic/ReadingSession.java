package dev.switchback.lab.traffic;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** A pod's session on the replica host: reads only, and its failures stop nobody. */
final class ReadingSession implements Runnable {
    private static final long EVERY_MILLIS = 200;
    private static final String HOME_TIMELINE =
            "SELECT count(*) FROM (SELECT text FROM statuses ORDER BY id DESC LIMIT 20) AS newest";

    private final AppPod pod;
    private final PodConnector connector;
    private final String host;

    ReadingSession(AppPod pod, PodConnector connector, String host) {
        this.pod = pod;
        this.connector = connector;
        this.host = host;
    }

    @Override
    public void run() {
        try {
            do {
                try {
                    Connection c = connector.open(host);
                    try {
                        do {
                            Sql.one(c, HOME_TIMELINE);
                            pod.readFromReplica(true);
                        } while (!pod.stopping().await(EVERY_MILLIS, TimeUnit.MILLISECONDS));
                    } finally {
                        connector.close(c);
                    }
                } catch (SQLException | RuntimeException e) {
                    pod.readFromReplica(false);
                }
            } while (!pod.stopping().await(2 * EVERY_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
