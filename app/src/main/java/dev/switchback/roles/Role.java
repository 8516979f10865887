package dev.switchback.roles;

import dev.switchback.pg.Secret;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One role as it is to be on the target.
 *
 * @param login whether it may log in once the target is open; closed roles keep the flag here
 * @param connectionLimit {@code -1} for none
 * @param validUntil as the server prints it; null for ever
 * @param verifier the stored SCRAM verifier, never a password in clear; null for none
 * @param owns whether it owns a migrated database or something in one
 */
record Role(
        String name,
        boolean superuser,
        boolean inherit,
        boolean createRole,
        boolean createDatabase,
        boolean login,
        boolean replication,
        boolean bypassRls,
        int connectionLimit,
        @Nullable String validUntil,
        @Nullable Secret verifier,
        @Nullable String comment,
        boolean owns) {

    /** A role that only owns: no login, no power, no password. */
    Role plain() {
        return new Role(
                name, false, inherit, false, false, false, false, false, -1, null, null, comment,
                owns);
    }

    Role withoutSuperuser() {
        return new Role(
                name,
                false,
                inherit,
                createRole,
                createDatabase,
                login,
                replication,
                bypassRls,
                connectionLimit,
                validUntil,
                verifier,
                comment,
                owns);
    }

    boolean hasMd5() {
        return verifier != null && verifier.reveal().startsWith("md5");
    }

    /** The attributes but LOGIN and the password, as ALTER ROLE takes them. */
    String attributes() {
        List<String> words = new ArrayList<>();
        words.add(superuser ? "SUPERUSER" : "NOSUPERUSER");
        words.add(inherit ? "INHERIT" : "NOINHERIT");
        words.add(createRole ? "CREATEROLE" : "NOCREATEROLE");
        words.add(createDatabase ? "CREATEDB" : "NOCREATEDB");
        words.add(replication ? "REPLICATION" : "NOREPLICATION");
        words.add(bypassRls ? "BYPASSRLS" : "NOBYPASSRLS");
        words.add("CONNECTION LIMIT " + connectionLimit);
        return String.join(" ", words);
    }

    /** {@code infinity} is what a role without a limit is given; the same to the server. */
    String until() {
        return validUntil == null ? "infinity" : validUntil;
    }
}
