package dev.switchback.transfer;

import dev.switchback.copy.CopyDesk;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Crew;
import dev.switchback.pg.Sessions;
import dev.switchback.schema.PostDataSession;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What one worker works with: sessions for rows, and one that builds; opened when first needed. */
final class TransferDesk implements Crew.Desk {
    private final @Nullable CopyDesk rows;
    private final ConnectionSpec target;
    private final Sessions sessions;
    private final int jobs;
    private @Nullable PostDataSession builder;

    TransferDesk(@Nullable CopyDesk rows, ConnectionSpec target, Sessions sessions, int jobs) {
        this.rows = rows;
        this.target = target;
        this.sessions = sessions;
        this.jobs = jobs;
    }

    CopyDesk rows() {
        if (rows == null) {
            throw new IllegalStateException("this desk copies no rows");
        }
        return rows;
    }

    PostDataSession builder() throws SQLException {
        PostDataSession open = builder;
        if (open == null) {
            open = PostDataSession.open(target, sessions, jobs);
            builder = open;
        }
        return open;
    }

    @Override
    public void close() throws SQLException {
        try {
            if (rows != null) {
                rows.close();
            }
        } finally {
            if (builder != null) {
                builder.close();
            }
        }
    }
}
