package dev.switchback.backup;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The few calls we make to a bucket, each error told once with the store's own words. Keys are
 * relative to the document's prefix.
 */
final class Bucket implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final BucketAccess access;
    private final S3Client client;

    private Bucket(BucketAccess access, S3Client client) {
        this.access = access;
        this.client = client;
    }

    /** Nothing is sent yet. */
    static Bucket open(BucketAccess access) {
        Apache5HttpClient.Builder http =
                Apache5HttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE);
        access.caPem().ifPresent(pem -> http.tlsTrustManagersProvider(new PemTrust(pem)));
        S3ClientBuilder builder =
                S3Client.builder()
                        .httpClientBuilder(http)
                        .region(Region.of(access.region()))
                        .credentialsProvider(StaticCredentialsProvider.create(login(access)))
                        // stores other than AWS refuse the newer checksums
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        access.endpoint().ifPresent(uri -> builder.endpointOverride(uri).forcePathStyle(true));
        return new Bucket(access, builder.build());
    }

    private static AwsCredentials login(BucketAccess access) {
        String id = access.accessKeyId().reveal();
        String key = access.accessKey().reveal();
        return access.sessionToken()
                .<AwsCredentials>map(token -> AwsSessionCredentials.create(id, key, token.reveal()))
                .orElseGet(() -> AwsBasicCredentials.create(id, key));
    }

    String display(String key) {
        return "s3://" + access.bucket() + "/" + full(key);
    }

    /** Begins an object in parts; nothing is visible until {@link #complete}. */
    String create(String key) {
        return call(
                "begin an upload to",
                key,
                () ->
                        client.createMultipartUpload(r ->
                                        r.bucket(access.bucket())
                                                .key(full(key))
                                                .contentType("application/octet-stream"))
                                .uploadId());
    }

    CompletedPart part(String key, String upload, int number, byte[] bytes, int length) {
        // a stream that can be reset, so that the client can send the part again
        RequestBody body =
                RequestBody.fromInputStream(new ByteArrayInputStream(bytes, 0, length), length);
        String tag =
                call(
                        "write part " + number + " of",
                        key,
                        () ->
                                client.uploadPart(
                                                r ->
                                                        r.bucket(access.bucket())
                                                                .key(full(key))
                                                                .uploadId(upload)
                                                                .partNumber(number)
                                                                .contentLength((long) length),
                                                body)
                                        .eTag());
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }

    void complete(String key, String upload, List<CompletedPart> parts) {
        call(
                "complete the upload to",
                key,
                () ->
                        client.completeMultipartUpload(r ->
                                r.bucket(access.bucket())
                                        .key(full(key))
                                        .uploadId(upload)
                                        .multipartUpload(m -> m.parts(parts))));
    }

    /** An upload that is not there any more is fine. */
    void abort(String key, String upload) {
        call(
                "abort the upload to",
                key,
                () -> {
                    try {
                        return client.abortMultipartUpload(
                                r -> r.bucket(access.bucket()).key(full(key)).uploadId(upload));
                    } catch (NoSuchUploadException gone) {
                        return Optional.empty();
                    } catch (S3Exception e) {
                        if (e.statusCode() == 404) {
                            return Optional.empty();
                        }
                        throw e;
                    }
                });
    }

    /**
     * Aborts every upload that was begun below a prefix of ours and not completed. A login that may
     * not list uploads aborts those that the journal names, and no others.
     */
    void abortAll(String prefix) {
        List<MultipartUpload> found;
        try {
            found =
                    client.listMultipartUploads(r -> r.bucket(access.bucket()).prefix(full(prefix)))
                            .uploads();
        } catch (S3Exception e) {
            if (e.statusCode() == 403) {
                return;
            }
            throw failed("list the uploads of", prefix, e);
        } catch (SdkException e) {
            throw failed("list the uploads of", prefix, e);
        }
        String ours = full("");
        for (MultipartUpload upload : found) {
            // some stores ignore the prefix
            if (upload.key().startsWith(full(prefix))) {
                abort(upload.key().substring(ours.length()), upload.uploadId());
            }
        }
    }

    InputStream read(String key) {
        return call(
                "read", key, () -> client.getObject(r -> r.bucket(access.bucket()).key(full(key))));
    }

    /** Bytes of an object; empty when it is not there. */
    Optional<Long> size(String key) {
        return call(
                "look at",
                key,
                () -> {
                    try {
                        return Optional.of(
                                client.headObject(r -> r.bucket(access.bucket()).key(full(key)))
                                        .contentLength());
                    } catch (S3Exception e) {
                        if (e.statusCode() == 404) {
                            return Optional.empty();
                        }
                        throw e;
                    }
                });
    }

    @Override
    public void close() {
        client.close();
    }

    private String full(String key) {
        return access.prefix().isEmpty() ? key : access.prefix() + "/" + key;
    }

    private <T> T call(String what, String key, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw failed(what, key, e);
        }
    }

    private SwitchbackException failed(String what, String key, SdkException e) {
        String remedy = "check spec.backup.to.s3.endpoint and the network";
        String words = String.valueOf(e.getMessage());
        if (e instanceof S3Exception s3) {
            words =
                    s3.awsErrorDetails() == null
                            ? "status " + s3.statusCode()
                            : s3.awsErrorDetails().errorCode()
                                    + ": "
                                    + s3.awsErrorDetails().errorMessage()
                                    + " (status "
                                    + s3.statusCode()
                                    + ")";
            remedy =
                    switch (s3.statusCode()) {
                        case 403 ->
                                "give the access key of the Secret in spec.backup.to.s3.secret the rights to put, get and abort objects there";
                        case 404 -> "create the bucket, or correct spec.backup.to.s3.bucket";
                        case 507 -> "make room in the store, or name another bucket";
                        default -> "read the store's words; run again";
                    };
        }
        return new SwitchbackException(
                new Problem(
                        Code.BACKUP_BUCKET,
                        display(key),
                        "cannot " + what + " it: " + words,
                        remedy,
                        "the safety backup could not be written or proven"),
                e);
    }
}
