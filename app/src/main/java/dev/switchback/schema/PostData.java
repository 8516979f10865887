package dev.switchback.schema;

import java.util.List;
import java.util.Map;

/**
 * What a dump makes after the rows, entry by entry, in the order and words of {@code pg_restore},
 * sorted by what it waits for. Table OIDs are the source's.
 *
 * @param byTable indexes and keys of each table: as soon as its rows are there
 * @param rest partitioned indexes, rules, triggers, policies, comments: when all of the above is
 *     done, in this order
 * @param foreignKeys when everything above is done and both sides have statistics
 * @param last what depends on foreign keys
 */
public record PostData(
        Map<Long, TableWork> byTable,
        List<Entry> rest,
        List<ForeignKey> foreignKeys,
        List<Entry> last) {

    /**
     * Statements that belong together.
     *
     * @param key names the entry in {@code switchback.built}
     * @param name for messages
     * @param sql one or more statements
     */
    public record Entry(String key, String name, String sql) {}

    /**
     * One index or the index of a key; several of one table can be built at the same time.
     *
     * @param weight relative cost
     */
    public record Build(Entry entry, long weight) {}

    /**
     * A table's own entries.
     *
     * @param builds may run beside one another
     * @param finish need the table for themselves, after all builds
     * @param plain the same work as pg_dump wrote it, for a table so small that one session does it
     */
    public record TableWork(List<Build> builds, List<Entry> finish, List<Entry> plain) {}

    /**
     * A foreign key.
     *
     * @param entry adds it, not yet validated where that is possible
     * @param validate the statement that validates it; empty when {@code entry} has done so, or
     *     when it is not valid on the source either
     * @param table the referencing table as SQL: its keys are validated one after the other
     * @param weight relative cost
     * @param references the referenced table's OID on the source, 0 when unknown
     */
    public record ForeignKey(
            Entry entry, String validate, String table, long weight, long references) {

        /** The validation as an entry with a note of its own. */
        public Entry validation() {
            return new Entry(entry.key() + " #valid", entry.name(), validate);
        }
    }

    /** The key under which a part of an entry, such as a key's index, is noted with the whole. */
    public static String whole(String key) {
        return key.replaceFirst(" #(index|valid)$", "");
    }

    /** How many entries there are. */
    public int size() {
        return byTable.values().stream().mapToInt(w -> w.plain().size()).sum()
                + rest.size()
                + foreignKeys.size()
                + last.size();
    }
}
