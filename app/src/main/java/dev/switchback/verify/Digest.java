package dev.switchback.verify;

import dev.switchback.pg.Sql;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One side's table in numbers, bucket by bucket; equal multisets of rows have equal digests. Parts
 * read by several sessions add up here.
 */
final class Digest {
    private static final int SUMS = 5;

    private final Map<Integer, BigInteger[]> buckets = new HashMap<>();
    private long rows;

    synchronized void add(List<Part> parts) {
        for (Part part : parts) {
            BigInteger[] sums =
                    buckets.computeIfAbsent(
                            part.bucket,
                            b -> {
                                BigInteger[] none = new BigInteger[SUMS];
                                Arrays.fill(none, BigInteger.ZERO);
                                return none;
                            });
            for (int i = 0; i < SUMS; i++) {
                sums[i] = sums[i].add(part.sums[i]);
            }
            rows += part.sums[0].longValueExact();
        }
    }

    synchronized long rows() {
        return rows;
    }

    synchronized long rows(int bucket) {
        BigInteger[] sums = buckets.get(bucket);
        return sums == null ? 0 : sums[0].longValueExact();
    }

    /** The buckets in which two sides differ, in order. */
    List<Integer> differing(Digest other) {
        Map<Integer, BigInteger[]> mine = copy();
        Map<Integer, BigInteger[]> theirs = other.copy();
        Set<Integer> all = new TreeSet<>(mine.keySet());
        all.addAll(theirs.keySet());
        List<Integer> differing = new ArrayList<>();
        for (int bucket : all) {
            if (!Arrays.equals(mine.get(bucket), theirs.get(bucket))) {
                differing.add(bucket);
            }
        }
        return differing;
    }

    private synchronized Map<Integer, BigInteger[]> copy() {
        return new HashMap<>(buckets);
    }

    /** One bucket of one range: how many rows, and four sums. */
    static final class Part {
        private final int bucket;
        private final BigInteger[] sums;

        private Part(int bucket, BigInteger[] sums) {
            this.bucket = bucket;
            this.sums = sums;
        }
    }

    static List<Part> read(Connection session, String sql) throws SQLException {
        return Sql.list(
                session,
                sql,
                row -> {
                    BigInteger[] sums = new BigInteger[SUMS];
                    for (int i = 0; i < SUMS; i++) {
                        sums[i] = new BigInteger(row.getString(i + 2));
                    }
                    return new Part(row.getInt(1), sums);
                });
    }
}
