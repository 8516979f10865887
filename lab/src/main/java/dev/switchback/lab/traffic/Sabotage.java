package dev.switchback.lab.traffic;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Damage on purpose: a judgement that does not notice it proves nothing. */
final class Sabotage {
    private Sabotage() {}

    static String lostWrite(Ledger ledger, Connection c) throws SQLException {
        RowKey row = victim(ledger, TrafficTable.NOTIFICATIONS, false);
        exactlyOne(c, row, "DELETE FROM public.notifications WHERE ledger_token = ?", row.token());
        return "deleted " + row;
    }

    static String doubled(Ledger ledger, Connection c) throws SQLException {
        RowKey row = victim(ledger, TrafficTable.NOTIFICATIONS, false);
        exactlyOne(
                c,
                row,
                """
                INSERT INTO public.notifications
                    (account_id, from_account_id, type, activity_id, created_at, ledger_token)
                SELECT account_id, from_account_id, type, activity_id, created_at, ledger_token
                FROM public.notifications WHERE ledger_token = ?\
                """,
                row.token());
        return "doubled " + row;
    }

    static String staleUpdate(Ledger ledger, Connection c) throws SQLException {
        RowKey row = victim(ledger, TrafficTable.STATUSES, true);
        String old = ledger.previousValue(row).orElseThrow();
        exactlyOne(
                c,
                row,
                "UPDATE public.statuses SET text = ? WHERE ledger_token = ?",
                old,
                row.token());
        return "put back to its earlier text " + row;
    }

    private static RowKey victim(Ledger ledger, TrafficTable table, boolean changedBefore) {
        return ledger.takeForGood(table, changedBefore)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "no acknowledged row to tamper with in " + table.sqlName()))
                .row();
    }

    private static void exactlyOne(Connection c, RowKey row, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = c.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            int rows = statement.executeUpdate();
            if (rows != 1) {
                throw new SQLException("tampered with " + rows + " rows instead of one: " + row);
            }
        }
    }
}
