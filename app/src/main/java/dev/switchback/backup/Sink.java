package dev.switchback.backup;

import java.io.IOException;

/** Where one archive's bytes go; visible as a whole after {@link #complete} or not at all. */
interface Sink extends AutoCloseable {
    void write(byte[] buffer, int length) throws IOException, InterruptedException;

    /** Everything is durable when this returns. */
    void complete() throws IOException;

    /** Without {@link #complete} before it nothing is left behind. */
    @Override
    void close();
}
