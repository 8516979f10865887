package dev.switchback.pg;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is protected, in libpq's words.
 *
 * @param mode libpq's {@code sslmode}
 * @param caFile PEM file of the CA; given exactly when the mode verifies
 */
public record Tls(Mode mode, @Nullable Path caFile) {

    /**
     * libpq's sslmodes. Clusters get those that encrypt; {@code prefer} and {@code allow}, which
     * downgrade silently, come from a person's connection string only.
     */
    public enum Mode {
        DISABLE("disable"),
        ALLOW("allow"),
        PREFER("prefer"),
        REQUIRE("require"),
        VERIFY_CA("verify-ca"),
        VERIFY_FULL("verify-full");

        private final String libpq;

        Mode(String libpq) {
            this.libpq = libpq;
        }

        public String libpq() {
            return libpq;
        }
    }

    /**
     * Encrypted, the server not verified: Spilo's own certificate is self-signed for another name.
     */
    public static Tls require() {
        return new Tls(Mode.REQUIRE, null);
    }

    public static Tls verifyFull(Path caFile) {
        return new Tls(Mode.VERIFY_FULL, caFile);
    }

    public static Tls disable() {
        return new Tls(Mode.DISABLE, null);
    }
}
