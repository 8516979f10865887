package dev.switchback.lab.s3;

import java.net.URI;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;
import org.jclouds.blobstore.domain.MultipartUpload;
import org.jclouds.blobstore.domain.StorageMetadata;
import org.jclouds.blobstore.domain.StorageType;
import org.jclouds.blobstore.options.ListContainerOptions;

/**
 * S3Proxy over an in-memory store: it checks signatures, and refuses what is not signed with its
 * key.
 */
public final class S3Server implements AutoCloseable {
    public static final String KEY_ID = "lab-key";
    public static final String KEY = "lab-backup-key";

    private final BlobStoreContext context;
    private final BlobStore store;
    private final S3Proxy proxy;

    private S3Server(BlobStoreContext context, S3Proxy proxy) {
        this.context = context;
        this.store = context.getBlobStore();
        this.proxy = proxy;
    }

    /** Runs when this returns. */
    public static S3Server start(String... buckets) {
        BlobStoreContext context =
                ContextBuilder.newBuilder(new TransientApiMetadata())
                        .credentials(KEY_ID, KEY)
                        .overrides(new Properties())
                        .build(BlobStoreContext.class);
        try {
            S3Proxy proxy =
                    S3Proxy.builder()
                            .blobStore(context.getBlobStore())
                            .endpoint(URI.create("http://127.0.0.1:0"))
                            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY_ID, KEY)
                            .build();
            proxy.start();
            S3Server server = new S3Server(context, proxy);
            for (String bucket : buckets) {
                server.store.createContainerInLocation(null, bucket);
            }
            return server;
        } catch (Exception e) {
            context.close();
            throw new IllegalStateException("the S3 server does not start", e);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    /** Keys of the objects that are there as a whole. */
    public List<String> keys(String bucket) {
        // the server keeps its notes on open uploads beside the objects; no client is shown them
        Set<String> open =
                store.listMultipartUploads(bucket).stream()
                        .map(MultipartUpload::id)
                        .collect(Collectors.toSet());
        return store.list(bucket, ListContainerOptions.Builder.recursive()).stream()
                .filter(o -> o.getType() == StorageType.BLOB)
                .map(StorageMetadata::getName)
                .filter(name -> !name.startsWith(".mpus-") && !open.contains(name))
                .sorted()
                .toList();
    }

    /** Keys of uploads that were begun, and neither completed nor aborted. */
    public List<String> unfinished(String bucket) {
        return store.listMultipartUploads(bucket).stream().map(MultipartUpload::blobName).toList();
    }

    /** Damages an object behind everybody's back. */
    public void replace(String bucket, String key, byte[] bytes) {
        store.putBlob(
                bucket, store.blobBuilder(key).payload(bytes).contentLength(bytes.length).build());
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not stop", e);
        } finally {
            context.close();
        }
    }
}
