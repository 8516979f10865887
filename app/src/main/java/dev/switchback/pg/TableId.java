package dev.switchback.pg;

/** A relation by schema and name, unquoted. */
public record TableId(String schema, String name) implements Comparable<TableId> {

    /** Quoted for SQL: {@code "public"."accounts"}. */
    public String sql() {
        return Sql.identifier(schema) + "." + Sql.identifier(name);
    }

    @Override
    public int compareTo(TableId other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
