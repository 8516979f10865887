package dev.switchback.lab.traffic;

import java.util.Locale;

/** The tables the pods write to, each with the one value that the ledger judges. */
enum TrafficTable {
    STATUSES("text"),
    STATUS_STATS("replies_count::text"),
    FAVOURITES("'favourite'"),
    NOTIFICATIONS("type");

    private final String value;

    TrafficTable(String value) {
        this.value = value;
    }

    String sqlName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Token and judged value of every row that a pod wrote from token {@code ?} on. */
    String everyRow() {
        return "SELECT ledger_token, "
                + value
                + " FROM public."
                + sqlName()
                + " WHERE ledger_token >= ?";
    }
}
