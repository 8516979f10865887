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
        env.putAll(server.clientEnvironment());
        // a password file of the person's is not asked a second time
        env.put("PGPASSFILE", "/dev/null");
        env.put(
                "PGOPTIONS",
                (server.login().options()
                                + " -c default_transaction_read_only=off -c statement_timeout=0")
                        .strip());
    }
}
