package dev.switchback.lab.kube;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** One server of a Zalando cluster, as the Patroni in its pod handles it. */
public interface PatroniMember {
    /** Name of the pod. */
    String pod();

    /** Whether the server runs at all; Patroni leaves one alone that a test has stopped. */
    boolean isRunning();

    /** Another number after each start of the server. */
    long incarnation();

    /** A superuser's session of Patroni; the caller closes it. */
    Connection connect(String database) throws SQLException;

    /**
     * Writes parameters and reloads; what PostgreSQL takes only at a start waits for the next one.
     */
    void configure(Map<String, String> parameters);

    void restart();

    /** Stops this replica, copies the leader's logical slots to it and starts it again. */
    void adoptSlots(PatroniMember leader, List<String> slots);
}
