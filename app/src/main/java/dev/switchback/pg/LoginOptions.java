package dev.switchback.pg;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a connection string may ask for beyond server, login and TLS; clusters ask for nothing.
 *
 * @param options libpq's {@code options}: settings the session starts with, {@code -c name=value}
 * @param connectSeconds how long a connection and a login may each take; 0 waits for ever
 * @param channelBinding whether SCRAM must be bound to the TLS channel
 * @param certificate PEM file of the client's certificate
 * @param key PEM, PKCS-8 or PKCS-12 file of its private key, not encrypted
 */
public record LoginOptions(
        String options,
        int connectSeconds,
        boolean channelBinding,
        @Nullable Path certificate,
        @Nullable Path key) {
    /** What every connection to a cluster uses. */
    public static final LoginOptions DEFAULT = new LoginOptions("", 10, false, null, null);
}
