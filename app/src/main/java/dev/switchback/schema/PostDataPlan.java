package dev.switchback.schema;

import dev.switchback.pg.Sql;
import dev.switchback.schema.PostData.Build;
import dev.switchback.schema.PostData.Entry;
import dev.switchback.schema.PostData.ForeignKey;
import dev.switchback.schema.PostData.TableWork;
import dev.switchback.schema.PostDataScript.Part;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the entries of post-data by what they wait for.
 *
 * <ol>
 *   <li>Indexes, and primary and unique keys of ordinary tables, belong to their table. A key
 *       becomes two statements: its index, which can be built beside the table's others, and {@code
 *       ADD CONSTRAINT … USING INDEX}, which takes a moment. Not so on partitioned tables, where
 *       PostgreSQL does not know it.
 *   <li>Exclusion constraints, extended statistics, and comments on what belongs to a table, follow
 *       its builds.
 *   <li>Foreign keys are added NOT VALID and validated by a statement of their own, except where
 *       the referencing table is partitioned, or they are not valid on the source either.
 *   <li>What depends on a foreign key is last; everything else keeps the archive's order between.
 * </ol>
 */
final class PostDataPlan {
    private record IndexFacts(long table, String tableKind, long weight) {}

    private record ConstraintFacts(
            String type,
            long table,
            String tableKind,
            boolean valid,
            String tableSql,
            String name,
            String indexDefinition,
            String deferrable,
            long indexBytes,
            long tableBytes,
            boolean enforced,
            long references,
            boolean referencesPartitioned) {}

    private final Map<Long, IndexFacts> indexes = new HashMap<>();
    private final Map<Long, ConstraintFacts> constraints = new HashMap<>();
    private final Map<Long, Long> statistics = new HashMap<>();
    private final Map<Long, TableWork> byTable = new HashMap<>();
    private final Map<Integer, Long> owner = new HashMap<>();
    private final Set<Integer> afterForeignKeys = new HashSet<>();
    private final List<Entry> rest = new ArrayList<>();
    private final List<ForeignKey> foreignKeys = new ArrayList<>();
    private final List<Entry> last = new ArrayList<>();

    private PostDataPlan() {}

    static PostData of(List<Part> parts, Connection source) throws SQLException {
        PostDataPlan plan = new PostDataPlan();
        plan.read(parts, source);
        Map<Integer, Part> byId = new HashMap<>();
        parts.forEach(p -> byId.put(p.dumpId(), p));
        for (Part part : parts) {
            plan.place(part, byId);
        }
        return new PostData(plan.byTable, plan.rest, plan.foreignKeys, plan.last);
    }

    private void read(List<Part> parts, Connection source) throws SQLException {
        Sql.list(
                source,
                Sql.resource(PostDataPlan.class, "index-facts.sql"),
                row ->
                        indexes.put(
                                row.getLong(1),
                                new IndexFacts(row.getLong(2), row.getString(3), row.getLong(4))),
                source.createArrayOf("int8", oids(parts, "INDEX")));
        Sql.list(
                source,
                "SELECT oid::bigint, stxrelid::bigint FROM pg_catalog.pg_statistic_ext WHERE oid = ANY (CAST(? AS oid[]))",
                row -> statistics.put(row.getLong(1), row.getLong(2)),
                source.createArrayOf("int8", oids(parts, "STATISTICS")));
        Sql.list(
                source,
                Sql.resource(PostDataPlan.class, "constraint-facts.sql"),
                row ->
                        constraints.put(
                                row.getLong(1),
                                new ConstraintFacts(
                                        row.getString(2),
                                        row.getLong(3),
                                        row.getString(4),
                                        row.getBoolean(5),
                                        row.getString(6),
                                        row.getString(7),
                                        row.getString(8),
                                        row.getString(9),
                                        row.getLong(10),
                                        row.getLong(11),
                                        row.getBoolean(12),
                                        row.getLong(13),
                                        row.getBoolean(14))),
                source.createArrayOf("int8", oids(parts, "CONSTRAINT", "FK CONSTRAINT")));
    }

    private static Object[] oids(List<Part> parts, String... types) {
        Set<String> wanted = Set.of(types);
        return parts.stream().filter(p -> wanted.contains(p.type())).map(Part::oid).toArray();
    }

    private void place(Part part, Map<Integer, Part> byId) {
        boolean early = true;
        Long table = null;
        for (int need : part.needs()) {
            Part needed = byId.get(need);
            if (needed != null) {
                boolean index = needed.type().equals("INDEX") || needed.type().equals("CONSTRAINT");
                early &= index;
                if (afterForeignKeys.contains(need)) {
                    afterForeignKeys.add(part.dumpId());
                }
                table = owner.getOrDefault(need, table);
            }
        }
        Entry entry =
                new Entry(
                        part.key(),
                        part.type().toLowerCase(java.util.Locale.ROOT) + " " + part.name(),
                        part.sql());
        if (afterForeignKeys.contains(part.dumpId())) {
            last.add(entry);
            return;
        }
        @Nullable ConstraintFacts constraint = constraints.get(part.oid());
        @Nullable IndexFacts index = indexes.get(part.oid());
        switch (part.type()) {
            case "FK CONSTRAINT" -> {
                afterForeignKeys.add(part.dumpId());
                foreignKeys.add(foreignKey(entry, constraint));
            }
            case "INDEX" -> {
                if (early && index != null && index.tableKind.equals("r")) {
                    own(part, index.table);
                    work(index.table).plain().add(entry);
                    index(part, entry, index);
                } else {
                    rest.add(entry);
                }
            }
            case "CONSTRAINT" -> {
                if (early && constraint != null && constraint.tableKind.equals("r")) {
                    own(part, constraint.table);
                    work(constraint.table).plain().add(entry);
                    constraint(part, entry, constraint);
                } else {
                    rest.add(entry);
                }
            }
            default -> {
                if (part.type().equals("STATISTICS")) {
                    table = statistics.get(part.oid());
                    early &= table != null && byTable.containsKey(table);
                }
                boolean ours = part.type().equals("COMMENT") || part.type().equals("STATISTICS");
                if (table != null && early && ours) {
                    own(part, table);
                    work(table).plain().add(entry);
                    work(table).finish().add(entry);
                } else {
                    rest.add(entry);
                }
            }
        }
    }

    private void own(Part part, long table) {
        owner.put(part.dumpId(), table);
    }

    private TableWork work(long table) {
        return byTable.computeIfAbsent(
                table, _ -> new TableWork(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
    }

    /** CLUSTER marks and the like need the table for themselves. */
    private void index(Part part, Entry entry, IndexFacts facts) {
        List<String> statements = SqlText.statements(part.sql());
        int create = first(statements, "CREATE ");
        TableWork work = work(facts.table);
        if (create < 0) {
            work.finish().add(entry);
            return;
        }
        List<String> after = statements.subList(create + 1, statements.size());
        String build = join(statements.subList(0, create + 1));
        String key = after.isEmpty() ? part.key() : part.key() + " #index";
        work.builds().add(new Build(new Entry(key, entry.name(), build), facts.weight));
        if (!after.isEmpty()) {
            work.finish().add(new Entry(part.key(), entry.name(), join(after)));
        }
    }

    private void constraint(Part part, Entry entry, ConstraintFacts facts) {
        List<String> statements = SqlText.statements(part.sql());
        int add = first(statements, "ALTER TABLE ");
        TableWork work = work(facts.table);
        if (add < 0 || facts.indexDefinition.isEmpty()) {
            work.finish().add(entry);
            return;
        }
        List<String> before = statements.subList(0, add);
        List<String> build = new ArrayList<>(before);
        build.add(facts.indexDefinition);
        work.builds()
                .add(
                        new Build(
                                new Entry(part.key() + " #index", entry.name(), join(build)),
                                facts.indexBytes));
        List<String> attach = new ArrayList<>();
        attach.add(
                "ALTER TABLE ONLY "
                        + facts.tableSql
                        + " ADD CONSTRAINT "
                        + facts.name
                        + (facts.type.equals("p") ? " PRIMARY KEY" : " UNIQUE")
                        + " USING INDEX "
                        + facts.name
                        + facts.deferrable);
        attach.addAll(statements.subList(add + 1, statements.size()));
        work.finish().add(new Entry(part.key(), entry.name(), join(attach)));
    }

    private static ForeignKey foreignKey(Entry entry, @Nullable ConstraintFacts facts) {
        List<String> statements = SqlText.statements(entry.sql());
        boolean apart =
                facts != null
                        && facts.valid
                        && facts.enforced
                        && facts.tableKind.equals("r")
                        && !facts.referencesPartitioned
                        && statements.size() == 1;
        if (facts == null) {
            return new ForeignKey(entry, "", entry.key(), 0, 0);
        }
        if (!apart) {
            return new ForeignKey(entry, "", facts.tableSql, facts.tableBytes, facts.references);
        }
        return new ForeignKey(
                new Entry(entry.key(), entry.name(), statements.getFirst() + " NOT VALID"),
                "ALTER TABLE ONLY " + facts.tableSql + " VALIDATE CONSTRAINT " + facts.name,
                facts.tableSql,
                facts.tableBytes,
                facts.references);
    }

    private static int first(List<String> statements, String start) {
        for (int i = 0; i < statements.size(); i++) {
            if (statements.get(i).startsWith(start)) {
                return i;
            }
        }
        return -1;
    }

    private static String join(List<String> statements) {
        return String.join(";\n", statements);
    }
}
