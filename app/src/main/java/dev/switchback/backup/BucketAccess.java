package dev.switchback.backup;

import dev.switchback.pg.Secret;
import java.net.URI;
import java.util.Optional;

/**
 * How to reach a bucket of an S3-compatible store.
 *
 * @param prefix of every key of ours, without slashes at its ends; may be empty
 * @param endpoint of a store that is not AWS; its buckets are then addressed by path
 * @param caPem certificates to trust for it, when they are not the public ones
 */
public record BucketAccess(
        String bucket,
        String prefix,
        Optional<URI> endpoint,
        String region,
        Secret accessKeyId,
        Secret accessKey,
        Optional<Secret> sessionToken,
        Optional<Secret> caPem) {}
