package dev.switchback.link;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * How a statement gets past a fence on the session's side, if there is one: its event trigger would
 * refuse our own definitions too.
 */
@FunctionalInterface
public interface Fenced {
    /** The statements to send instead, as one string in autocommit. */
    String past(Connection session, String statements) throws SQLException;

    /** There is no fence. */
    Fenced NO = (session, statements) -> statements;
}
