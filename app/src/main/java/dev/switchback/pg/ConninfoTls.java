package dev.switchback.pg;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The TLS side of a connection string by libpq's rules: {@code ~/.postgresql/root.crt} is the CA
 * unless {@code sslrootcert} names another, {@code require} verifies the CA when there is one, and
 * {@code sslrootcert=system} means this machine's CAs and {@code verify-full}.
 */
final class ConninfoTls {
    private static final List<Path> SYSTEM =
            List.of(
                    Path.of("/etc/ssl/certs/ca-certificates.crt"),
                    Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
                    Path.of("/etc/ssl/ca-bundle.pem"),
                    Path.of("/etc/ssl/cert.pem"));

    private ConninfoTls() {}

    static Tls tls(Map<String, String> values, Path home) {
        String root = values.getOrDefault("sslrootcert", "");
        boolean system = root.equals("system");
        Tls.Mode mode = mode(values.getOrDefault("sslmode", system ? "verify-full" : "prefer"));
        if (system) {
            if (mode != Tls.Mode.VERIFY_FULL) {
                throw invalid(
                        "sslrootcert=system needs sslmode=verify-full",
                        "use verify-full, or name a CA file");
            }
            return verified(mode, systemBundle(), values);
        }
        Path file = root.isEmpty() ? home.resolve(".postgresql/root.crt") : Path.of(root);
        return switch (mode) {
            case VERIFY_CA, VERIFY_FULL -> verified(mode, file, values);
            case REQUIRE ->
                    Files.exists(file) ? new Tls(Tls.Mode.VERIFY_CA, file) : new Tls(mode, null);
            case DISABLE, ALLOW, PREFER -> new Tls(mode, null);
        };
    }

    private static Tls verified(Tls.Mode mode, Path file, Map<String, String> values) {
        if (!Files.exists(file)) {
            throw invalid(
                    "root certificate file " + file + " does not exist",
                    "provide the file, name another in sslrootcert, use sslrootcert=system, or"
                            + " change sslmode");
        }
        if (mode == Tls.Mode.VERIFY_FULL && !values.containsKey("host")) {
            throw invalid(
                    "sslmode=verify-full checks the certificate against a host name, and none is"
                            + " given",
                    "name the host; hostaddr may be given beside it");
        }
        return new Tls(mode, file);
    }

    private static Path systemBundle() {
        return SYSTEM.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() ->
                        invalid(
                                "this machine has no CA bundle at " + SYSTEM,
                                "install ca-certificates, or name a CA file"));
    }

    private static Tls.Mode mode(String text) {
        return Arrays.stream(Tls.Mode.values())
                .filter(mode -> mode.libpq().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        invalid(
                                "sslmode has no such value",
                                "use disable, allow, prefer, require, verify-ca or verify-full"));
    }

    /** The client's certificate, null when none is named and none is in its usual place. */
    static @Nullable Path certificate(Map<String, String> values, Path home) {
        return own(values, "sslcert", home.resolve(".postgresql/postgresql.crt"));
    }

    /** The private key to it; named without a certificate it is not used, as in libpq. */
    static @Nullable Path key(Map<String, String> values, Path home) {
        if (certificate(values, home) == null) {
            return null;
        }
        Path key = own(values, "sslkey", home.resolve(".postgresql/postgresql.key"));
        if (key == null) {
            throw invalid(
                    "there is a client certificate, but no private key",
                    "name the key in sslkey, or set sslcertmode=disable");
        }
        return key;
    }

    private static @Nullable Path own(Map<String, String> values, String keyword, Path usual) {
        if (values.getOrDefault("sslcertmode", "allow").equals("disable")
                || values.getOrDefault("sslmode", "").equals("disable")) {
            return null;
        }
        String named = values.get(keyword);
        if (named == null) {
            return Files.exists(usual) ? usual : null;
        }
        Path file = Path.of(named);
        if (!Files.exists(file)) {
            throw invalid(keyword + ": " + file + " does not exist", "name a file that exists");
        }
        return file;
    }

    private static SwitchbackException invalid(String what, String remedy) {
        return new SwitchbackException(Code.CONNINFO_INVALID, "connection TLS", what, remedy);
    }
}
