package dev.switchback.copy;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which types mean the same in binary on another server of another major. A type is safe when it is
 * on the list, or an enum, or made of safe types only. Everything else travels as text: {@code
 * reg*} are OIDs of one database, {@code xml} depends on a setting, and nobody promises the form of
 * {@code tsvector} or of an extension's type.
 */
final class BinarySafety {
    private static final Set<String> BUILT_IN =
            Set.of(
                    "bool",
                    "int2",
                    "int4",
                    "int8",
                    "float4",
                    "float8",
                    "numeric",
                    "money",
                    "text",
                    "varchar",
                    "bpchar",
                    "char",
                    "name",
                    "bytea",
                    "date",
                    "time",
                    "timetz",
                    "timestamp",
                    "timestamptz",
                    "interval",
                    "uuid",
                    "json",
                    "jsonb",
                    "bit",
                    "varbit",
                    "inet",
                    "cidr",
                    "macaddr",
                    "macaddr8",
                    "point",
                    "lseg",
                    "path",
                    "box",
                    "polygon",
                    "line",
                    "circle",
                    "oid",
                    "pg_lsn");

    /** Their binary form has been the same since 9.x, in every version of the extension. */
    private static final Set<String> EXTENSIONS = Set.of("citext", "hstore");

    private static final int OLDEST_WITH_FOREIGN_OIDS = 14;

    private record Type(
            long oid,
            String display,
            String name,
            boolean catalog,
            String kind,
            boolean sends,
            List<Long> parts,
            boolean array,
            String extension) {}

    private final Map<Long, Type> types = new HashMap<>();
    private final Map<Long, String> verdicts = new HashMap<>();
    private final boolean nestedUserTypes;

    private BinarySafety(int targetMajor) {
        this.nestedUserTypes = targetMajor >= OLDEST_WITH_FOREIGN_OIDS;
    }

    static BinarySafety read(Connection source, Collection<Long> oids, int targetMajor)
            throws SQLException {
        BinarySafety safety = new BinarySafety(targetMajor);
        Sql.list(
                        source,
                        Sql.resource(BinarySafety.class, "types.sql"),
                        row ->
                                new Type(
                                        row.getLong(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getBoolean(4),
                                        row.getString(5),
                                        row.getBoolean(6),
                                        SourceTable.strings(row.getArray(7)).stream()
                                                .map(Long::valueOf)
                                                .toList(),
                                        row.getBoolean(8),
                                        row.getString(9)),
                        source.createArrayOf("int8", oids.toArray()))
                .forEach(type -> safety.types.put(type.oid, type));
        return safety;
    }

    /** Why a value of this type must travel as text; empty when it need not. */
    String objection(long oid) {
        String known = verdicts.get(oid);
        if (known == null) {
            verdicts.put(oid, ""); // a type cannot contain itself, but let no surprise loop
            known = judge(types.get(oid));
            verdicts.put(oid, known);
        }
        return known;
    }

    private String judge(@Nullable Type type) {
        if (type == null) {
            return "a type that cannot be read";
        }
        if (!type.sends) {
            return type.display + " has no binary form";
        }
        if (!type.extension.isEmpty()) {
            boolean known = EXTENSIONS.contains(type.extension) && EXTENSIONS.contains(type.name);
            if (!known && type.parts.isEmpty()) {
                return type.display + " is a type of extension " + type.extension;
            }
            if (known) {
                return "";
            }
        }
        if (!type.parts.isEmpty() && !BUILT_IN.contains(type.catalog ? type.name : "")) {
            return parts(type);
        }
        if (type.kind.equals("e") || (type.catalog && BUILT_IN.contains(type.name))) {
            return "";
        }
        return type.display + " is not known to be the same on every server";
    }

    private String parts(Type type) {
        for (long part : type.parts) {
            String objection = objection(part);
            if (!objection.isEmpty()) {
                return objection;
            }
            Type inner = types.get(part);
            boolean carriesOids = type.array || type.kind.equals("c");
            if (carriesOids && inner != null && !inner.catalog && !nestedUserTypes) {
                return type.display + " carries the OID of " + inner.display;
            }
        }
        return "";
    }
}
