package dev.switchback.diagnose;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Writes the tar format of POSIX.1-1988 (ustar), which every tar reads: a header of 512 bytes for
 * each file, its bytes, zeros up to the next 512, and two empty blocks at the end.
 */
final class Tar implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int CHECKSUM = 148;
    private static final int NAME = 100;

    private final OutputStream out;
    private final Instant time;

    /**
     * @param time of every file
     */
    Tar(OutputStream out, Instant time) {
        this.out = out;
        this.time = time;
    }

    /**
     * @param name at most 100 bytes, relative, with slashes
     */
    void file(String name, byte[] content) throws IOException {
        byte[] header = new byte[BLOCK];
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        if (path.length > NAME) {
            throw new IllegalArgumentException("too long for an archive: " + name);
        }
        System.arraycopy(path, 0, header, 0, path.length);
        octal(header, 100, 8, 0600);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        octal(header, 124, 12, content.length);
        octal(header, 136, 12, time.getEpochSecond());
        header[156] = '0';
        text(header, 257, "ustar");
        text(header, 263, "00");
        // the checksum counts its own field as spaces
        java.util.Arrays.fill(header, CHECKSUM, CHECKSUM + 8, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, CHECKSUM, 7, sum);
        out.write(header);
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    private static void text(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    /** Digits with leading zeros and a NUL at the end. */
    private static void octal(byte[] header, int at, int width, long value) {
        String digits = Long.toOctalString(value);
        text(header, at, "0".repeat(width - 1 - digits.length()) + digits);
        header[at + width - 1] = 0;
    }

    @Override
    public void close() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.close();
    }
}
