package dev.switchback.cli;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.schema.SchemaFingerprint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What a server holds, in words that change when anything does. */
final class Fingerprint {
    private static final Map<String, String> SHARED =
            Map.of(
                    "roles",
                    "SELECT md5(string_agg(a::text, ',' ORDER BY oid)) FROM pg_authid a",
                    "memberships",
                    "SELECT md5(string_agg(roleid || '/' || member, ',' ORDER BY roleid, member)) FROM pg_auth_members",
                    "settings",
                    "SELECT md5(string_agg(s::text, ',' ORDER BY setdatabase, setrole)) FROM pg_db_role_setting s",
                    "databases",
                    "SELECT string_agg(datname || ' ' || coalesce(datacl::text, ''), ',' ORDER BY datname) FROM pg_database",
                    "prepared",
                    "SELECT string_agg(gid, ',' ORDER BY gid) FROM pg_prepared_xacts");

    private Fingerprint() {}

    static void of(String side, Connection postgres, Connection mastodon, Map<String, String> into)
            throws SQLException {
        for (Map.Entry<String, String> query : SHARED.entrySet()) {
            into.put(
                    side + " " + query.getKey(),
                    String.valueOf(Sql.first(postgres, query.getValue())));
        }
        Exclusions none = Exclusions.spilo();
        SchemaFingerprint.of(postgres, none)
                .forEach((key, value) -> into.put(side + "/postgres " + key, value));
        SchemaFingerprint.of(mastodon, none)
                .forEach((key, value) -> into.put(side + "/mastodon " + key, value));
        List<String> tables =
                Sql.list(
                        mastodon,
                        "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relpersistence = 'p' AND relnamespace NOT IN "
                                + "('pg_catalog'::regnamespace, 'information_schema'::regnamespace) ORDER BY 1",
                        row -> row.getString(1));
        for (String table : tables) {
            into.put(
                    side + " rows of " + table, Sql.one(mastodon, "SELECT count(*) FROM " + table));
        }
    }
}
