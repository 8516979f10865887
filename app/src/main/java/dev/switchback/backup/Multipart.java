package dev.switchback.backup;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** One object in the writing: memory holds one part, whatever the object's size. */
final class Multipart implements Sink {
    private final Bucket bucket;
    private final String key;
    private final String upload;
    private final byte[] part;
    private final List<CompletedPart> parts = new ArrayList<>();
    private int filled;
    private boolean completed;

    Multipart(Bucket bucket, String key, String upload, int partBytes) {
        this.bucket = bucket;
        this.key = key;
        this.upload = upload;
        this.part = new byte[partBytes];
    }

    @Override
    public void write(byte[] buffer, int length) throws InterruptedException {
        int from = 0;
        while (from < length) {
            int piece = Math.min(length - from, part.length - filled);
            System.arraycopy(buffer, from, part, filled, piece);
            filled += piece;
            from += piece;
            if (filled == part.length) {
                send();
            }
        }
    }

    private void send() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("stopped while writing " + bucket.display(key));
        }
        parts.add(bucket.part(key, upload, parts.size() + 1, part, filled));
        filled = 0;
    }

    @Override
    public void complete() {
        if (filled > 0 || parts.isEmpty()) {
            parts.add(bucket.part(key, upload, parts.size() + 1, part, filled));
        }
        bucket.complete(key, upload, parts);
        completed = true;
    }

    @Override
    public void close() {
        if (!completed) {
            bucket.abort(key, upload);
        }
    }
}
