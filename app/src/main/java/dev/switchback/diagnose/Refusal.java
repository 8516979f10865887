package dev.switchback.diagnose;

import dev.switchback.fault.SwitchbackException;
import java.sql.SQLException;

/**
 * Why a connection was not made.
 *
 * @param code ours
 * @param state PostgreSQL's SQLSTATE, empty when it did not come that far
 */
record Refusal(String code, String state, String words) {
    static Refusal of(SwitchbackException e) {
        return new Refusal(
                e.code().id(),
                e.getCause() instanceof SQLException sql && sql.getSQLState() != null
                        ? sql.getSQLState()
                        : "",
                e.problem().what());
    }
}
