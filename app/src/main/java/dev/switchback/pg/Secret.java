package dev.switchback.pg;

import org.jspecify.annotations.Nullable;

/**
 * A value that must not reach a log, journal, report, argument or exception text: {@link #toString}
 * hides it.
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /**
     * The value itself; call it only where it is handed to the driver, a child's environment or an
     * owned Secret.
     */
    public String reveal() {
        return value;
    }

    /** SHA-256 in hex, for journals that must recognise a value without holding it. */
    public String sha256() {
        return Sha256.hex(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
