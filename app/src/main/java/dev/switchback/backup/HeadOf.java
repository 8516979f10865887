package dev.switchback.backup;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.http.Abortable;

/**
 * A stream of which only the beginning is wanted: closing it drops the connection instead of
 * reading the rest.
 */
final class HeadOf extends FilterInputStream {
    private final InputStream whole;

    HeadOf(InputStream whole) {
        super(whole);
        this.whole = whole;
    }

    @Override
    public void close() throws IOException {
        if (whole instanceof Abortable response) {
            response.abort();
        } else {
            super.close();
        }
    }
}
