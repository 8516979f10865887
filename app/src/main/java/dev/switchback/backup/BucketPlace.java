package dev.switchback.backup;

import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A bucket. An archive is one object, written in parts, so it is there as a whole or not at all; an
 * upload that was begun and not completed is aborted.
 */
final class BucketPlace implements Place {
    /** Smallest part S3 accepts but for the last. */
    static final int LEAST_PART = 5 << 20;

    private static final int USUAL_PART = 8 << 20;

    /** S3 takes 10 000 parts; a dump may be larger than predicted. */
    private static final int AIMED_PARTS = 7_000;

    private final Bucket bucket;
    private final int leastPart;

    BucketPlace(BucketAccess access) {
        this(access, USUAL_PART);
    }

    BucketPlace(BucketAccess access, int leastPart) {
        this.bucket = Bucket.open(access);
        this.leastPart = leastPart;
    }

    @Override
    public String location(String name) {
        return bucket.display(name);
    }

    @Override
    public String display(String name, String archive) {
        return bucket.display(key(name, archive));
    }

    @Override
    public List<Problem> obstacles(long predictedBytes) {
        String key = "switchback-check-" + UUID.randomUUID();
        try {
            bucket.abort(key, bucket.create(key));
            return List.of();
        } catch (SwitchbackException e) {
            return e.problems();
        }
    }

    @Override
    public void begin(String name) {
        bucket.abortAll(name + "/");
    }

    @Override
    public Sink open(String name, String archive, long predictedBytes, Consumer<String> started) {
        String key = key(name, archive);
        String upload = bucket.create(key);
        try {
            started.accept(upload);
        } catch (RuntimeException e) {
            bucket.abort(key, upload);
            throw e;
        }
        long part = Math.max(leastPart, predictedBytes / AIMED_PARTS + 1);
        return new Multipart(bucket, key, upload, (int) Math.min(part, 1 << 30));
    }

    @Override
    public Optional<Path> local(String name, String archive) {
        return Optional.empty();
    }

    @Override
    public InputStream read(String name, String archive) {
        return bucket.read(key(name, archive));
    }

    @Override
    public Optional<Long> size(String name, String archive) {
        return bucket.size(key(name, archive));
    }

    @Override
    public Optional<Long> finished(String name, List<String> archives) {
        long sum = 0;
        for (String archive : archives) {
            Optional<Long> size = bucket.size(key(name, archive));
            if (size.isEmpty()) {
                return Optional.empty();
            }
            sum += size.get();
        }
        return Optional.of(sum);
    }

    @Override
    public void finish(String name) {
        // each object became visible as a whole when its upload was completed
    }

    @Override
    public void discard(String name, Map<String, String> started) {
        started.forEach((archive, upload) -> bucket.abort(key(name, archive), upload));
        bucket.abortAll(name + "/");
    }

    @Override
    public void close() {
        bucket.close();
    }

    private static String key(String name, String archive) {
        return name + "/" + archive;
    }
}
