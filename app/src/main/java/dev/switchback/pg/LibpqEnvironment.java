package dev.switchback.pg;

import java.util.Map;

/**
 * The environment of a program that speaks libpq: the login goes through it, never through
 * arguments; nothing of the caller's own {@code PG*} variables reaches the child.
 */
public final class LibpqEnvironment {
    private LibpqEnvironment() {}

    /** For a program that only reads or writes files. */
    public static void offline(Map<String, String> env) {
        env.keySet().removeIf(name -> name.startsWith("PG"));
        env.put("LC_ALL", "C");
    }

    /** For a program that logs in. */
    public static void login(Map<String, String> env, ConnectionSpec server) {
        offline(env);
        env.put("PGHOST", server.host());
        if (server.hostAddress() != null) {
            env.put("PGHOSTADDR", server.hostAddress());
        }
        env.put("PGPORT", String.valueOf(server.port()));
        env.put("PGUSER", server.user());
        env.put("PGPASSWORD", server.password().reveal());
        env.put("PGDATABASE", server.database());
        env.put("PGSSLMODE", server.tls().mode().libpq());
        if (server.tls().caFile() != null) {
            env.put("PGSSLROOTCERT", server.tls().caFile().toString());
        }
        env.put("PGGSSENCMODE", "disable");
        env.put("PGCONNECT_TIMEOUT", "10");
        env.put("PGAPPNAME", server.applicationName());
        env.put("PGOPTIONS", "-c default_transaction_read_only=off -c statement_timeout=0");
    }
}
