package dev.switchback.lab.traffic;

/** A row the pods wrote; the token was chosen outside the database. */
record RowKey(TrafficTable table, long token) {
    @Override
    public String toString() {
        return table.sqlName() + " " + token;
    }
}
