package dev.switchback.lab.traffic;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What people do on the instance, as transactions of several statements each. */
final class AppTransactions {
    private static final String SOME_ACCOUNTS = "SELECT id FROM accounts ORDER BY id LIMIT 200";

    private final Connection c;
    private final RandomGenerator random;
    private final List<Long> accounts;

    AppTransactions(Connection c, RandomGenerator random) throws SQLException {
        this.c = c;
        this.random = random;
        this.accounts = Sql.list(c, SOME_ACCOUNTS, row -> row.getLong(1));
        if (accounts.size() < 2) {
            throw new SQLException("the database holds no accounts to write as");
        }
    }

    /** Runs the statements of one transaction up to, and without, its COMMIT. */
    void perform(LedgerTransaction transaction) throws SQLException {
        int dice = random.nextInt(100);
        if (dice < 25) {
            edit(transaction);
        } else if (dice < 35) {
            unfavourite(transaction);
        } else if (dice < 40) {
            dismiss(transaction);
        }
        if (transaction.effects().isEmpty()) {
            post(transaction);
        }
    }

    private void post(LedgerTransaction transaction) throws SQLException {
        long author = account();
        RowKey status = transaction.insert(TrafficTable.STATUSES, "");
        String text = "toot " + status.token() + " v1 🐘";
        transaction.effects().set(0, new Effect(status, null, text));
        long statusId =
                inserted(
                        "INSERT INTO statuses (account_id, text, uri, language, ledger_token)"
                                + " VALUES (?, ?, ?, 'en', ?) RETURNING id",
                        author,
                        text,
                        "https://lab.example/statuses/" + status.token(),
                        status.token());
        RowKey stats = transaction.insert(TrafficTable.STATUS_STATS, "0");
        inserted(
                "INSERT INTO status_stats (status_id, replies_count, ledger_token)"
                        + " VALUES (?, 0, ?) RETURNING status_id",
                statusId,
                stats.token());
        if (random.nextBoolean()) {
            RowKey favourite = transaction.insert(TrafficTable.FAVOURITES, "favourite");
            inserted(
                    "INSERT INTO favourites (account_id, status_id, ledger_token)"
                            + " VALUES (?, ?, ?) RETURNING id",
                    account(),
                    statusId,
                    favourite.token());
        }
        RowKey notification = transaction.insert(TrafficTable.NOTIFICATIONS, "mention");
        inserted(
                "INSERT INTO notifications (account_id, from_account_id, type, activity_id, ledger_token)"
                        + " VALUES (?, ?, 'mention', ?, ?) RETURNING id",
                account(),
                author,
                statusId,
                notification.token());
    }

    private void edit(LedgerTransaction transaction) throws SQLException {
        Optional<LedgerTransaction.Claimed> status = transaction.claim(TrafficTable.STATUSES);
        if (status.isPresent()) {
            String text = nextVersion(status.get().value());
            transaction.update(status.get(), text);
            exactlyOne(
                    transaction,
                    status.get(),
                    "UPDATE statuses SET text = ?, edited_at = now()"
                            + " WHERE ledger_token = ? AND text = ?",
                    text,
                    status.get().row().token(),
                    status.get().value());
        }
        Optional<LedgerTransaction.Claimed> stats = transaction.claim(TrafficTable.STATUS_STATS);
        if (stats.isPresent()) {
            long replies = Long.parseLong(stats.get().value());
            transaction.update(stats.get(), String.valueOf(replies + 1));
            exactlyOne(
                    transaction,
                    stats.get(),
                    "UPDATE status_stats SET replies_count = ?"
                            + " WHERE ledger_token = ? AND replies_count = ?",
                    replies + 1,
                    stats.get().row().token(),
                    replies);
        }
    }

    private void unfavourite(LedgerTransaction transaction) throws SQLException {
        delete(
                transaction,
                TrafficTable.FAVOURITES,
                "DELETE FROM favourites WHERE ledger_token = ?");
    }

    private void dismiss(LedgerTransaction transaction) throws SQLException {
        delete(
                transaction,
                TrafficTable.NOTIFICATIONS,
                "DELETE FROM notifications WHERE ledger_token = ?");
    }

    private void delete(LedgerTransaction transaction, TrafficTable table, String sql)
            throws SQLException {
        Optional<LedgerTransaction.Claimed> row = transaction.claim(table);
        if (row.isPresent()) {
            transaction.delete(row.get());
            exactlyOne(transaction, row.get(), sql, row.get().row().token());
        }
    }

    /** {@code toot 7 v1 🐘} becomes {@code toot 7 v2 🐘}. */
    private static String nextVersion(String text) {
        int from = text.indexOf(" v") + 2;
        int to = text.indexOf(' ', from);
        return text.substring(0, from)
                + (Integer.parseInt(text.substring(from, to)) + 1)
                + text.substring(to);
    }

    private long account() {
        return accounts.get(random.nextInt(accounts.size()));
    }

    private long inserted(String sql, Object... parameters) throws SQLException {
        return Long.parseLong(Sql.one(c, sql, parameters));
    }

    /**
     * A row that was acknowledged as {@code row} says must be found once; anything else is evidence
     * against the server.
     */
    private void exactlyOne(
            LedgerTransaction transaction,
            LedgerTransaction.Claimed row,
            String sql,
            Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = c.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            int found = statement.executeUpdate();
            if (found != 1) {
                transaction.contradicted(row, found);
                throw new SQLException("found " + found + " rows of " + row);
            }
        }
    }
}
