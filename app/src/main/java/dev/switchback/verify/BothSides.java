package dev.switchback.verify;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;

/** One worker's two sessions, each on its side's snapshot; asks both at the same time. */
final class BothSides implements AutoCloseable {

    /** A question to one side. */
    @FunctionalInterface
    interface Question<A> {
        A ask(Connection session) throws SQLException;
    }

    /** Both answers. */
    record Answers<A>(A source, A target) {
        boolean agree() {
            return source.equals(target);
        }
    }

    private final Connection source;
    private final Connection target;

    BothSides(PinnedSnapshot source, PinnedSnapshot target, Sessions sessions) throws SQLException {
        this.source = sessions.add(DataSession.reader(source.spec()));
        try {
            this.target = sessions.add(DataSession.reader(target.spec()));
            try {
                source.join(this.source);
                target.join(this.target);
            } catch (SQLException e) {
                this.target.close();
                throw e;
            }
        } catch (SQLException | RuntimeException e) {
            this.source.close();
            throw e;
        }
    }

    /**
     * @param about for the problem when a side does not answer
     * @throws SwitchbackException CONTENT_NOT_PROVEN with the side and the server's words
     */
    <A> Answers<A> ask(String about, Question<A> atSource, Question<A> atTarget) {
        CompletableFuture<A> there = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("ask-target")
                .start(() -> {
                    try {
                        there.complete(atTarget.ask(target));
                    } catch (SQLException | RuntimeException e) {
                        there.completeExceptionally(e);
                    }
                });
        A here;
        try {
            here = atSource.ask(source);
        } catch (SQLException e) {
            throw notProven(about, "source", e);
        }
        try {
            return new Answers<>(here, there.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof SQLException refused) {
                throw notProven(about, "target", refused);
            }
            throw e;
        }
    }

    /** Both sessions in one hand, each outside the snapshot and in a transaction of its own. */
    void withBoth(BiConsumer<Connection, Connection> work) throws SQLException {
        for (Connection session : List.of(source, target)) {
            if (!session.getAutoCommit()) {
                session.rollback();
                session.setAutoCommit(true);
                session.setReadOnly(true);
            }
        }
        work.accept(source, target);
    }

    static SwitchbackException notProven(String about, String side, SQLException e) {
        return new SwitchbackException(
                new Problem(
                        Code.CONTENT_NOT_PROVEN,
                        about,
                        "cannot read the " + side + ": " + Pg.words(e),
                        "mend what the server says, then verify again"),
                e);
    }

    @Override
    public void close() throws SQLException {
        try (source;
                target) {
            // both are closed
        }
    }
}
