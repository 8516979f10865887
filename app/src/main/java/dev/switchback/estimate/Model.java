package dev.switchback.estimate;

import java.util.Map;
import java.util.TreeMap;

/**
 * How long each step takes, as formulas of sizes, rates and pods; the page docs/estimate.md has the
 * same ones for people.
 *
 * <ol>
 *   <li>Work on bytes is bytes / rate. With {@code jobs} workers it is at best divided by them, at
 *       worst not at all, and never shorter than its largest piece.
 *   <li>Everything else is sessions opened, round trips and definitions, plus what starting a
 *       client program costs.
 *   <li>Writers are predicted from their pods.
 * </ol>
 *
 * Invariant: no span becomes shorter when a size grows.
 */
final class Model {
    /** Counting reads but does not look: so much faster than hashing. */
    private static final double COUNT_TO_HASH = 15;

    /** A foreign key is checked by joining its two tables. */
    private static final double CHECK_TO_HASH = 3;

    /** ANALYZE reads so much of a table at most: 30000 blocks. */
    private static final long ANALYZED = 30_000L * 8192;

    /** Beyond the first, a worker adds so much of one. */
    private static final double NEXT_WORKER = 0.6;

    /** One definition restored or compared. */
    private static final double DEFINITION = 0.004;

    /** Starting pg_dump or pg_restore and reading the catalogs. */
    private static final double PROGRAM = 0.6;

    /** How much slower than a btree an index of this method is built, byte for byte. */
    private static final Map<String, Double> METHODS =
            Map.of("gin", 3.0, "gist", 4.0, "spgist", 3.0, "brin", 1.0, "hash", 1.5);

    private final Sizes sizes;
    private final Rates rates;
    private final WriterTimes writers;
    private final int jobs;
    private final Map<String, Span> spans = new TreeMap<>();

    Model(Sizes sizes, Rates rates, WriterTimes writers, int jobs) {
        this.sizes = sizes;
        this.rates = rates;
        this.writers = writers;
        this.jobs = jobs;
        data();
        definitions();
        surroundings();
        links();
    }

    /** A step that the formulas do not know: short, and no more than that is claimed. */
    Span of(String step) {
        return spans.getOrDefault(step, fixed(4, 10));
    }

    private void data() {
        double tables = sizes.tableBytes();
        double largest = Sizes.largest(sizes.tables());
        int many = sizes.tables().size();
        spans.put(
                "copy-tables",
                parallel(tables / rates.copy(), largest / rates.copy()).plus(fixed(4, 4L * many)));
        spans.put("build-indexes", indexes().plus(program(2)).plus(defined()));
        spans.put("copy-sequences", fixed(4, sizes.sequences()));
        spans.put(
                "copy-large-objects",
                parallel(sizes.largeObjectBytes() / rates.copy(), 0)
                        .plus(fixed(4, 6 * sizes.largeObjects())));
        double analyzed = sizes.tables().stream().mapToLong(b -> Math.min(b, ANALYZED)).sum();
        spans.put(
                "analyze-target",
                parallel(analyzed / (2 * rates.hash()), 0).plus(fixed(4, 20L * many)));
        double counted = COUNT_TO_HASH * rates.hash();
        spans.put(
                "validate-basics",
                parallel(tables / counted, largest / counted)
                        .plus(fixed(8, 8L * many + 3 * sizes.largeObjects()))
                        .plus(defined()));
        spans.put(
                "verify-content",
                parallel(tables / rates.hash(), largest / rates.hash()).plus(fixed(6, 4L * many)));
        spans.put(
                "take-safety-backup",
                parallel(tables / rates.copy(), largest / rates.copy()).plus(program(1)));
    }

    private Span indexes() {
        double seconds = 0;
        double longest = 0;
        for (Sizes.Index index : sizes.indexes()) {
            double one = index.bytes() * METHODS.getOrDefault(index.method(), 1.0) / rates.index();
            seconds += one;
            longest = Math.max(longest, one);
        }
        double check = CHECK_TO_HASH * rates.hash();
        seconds += Sizes.sum(sizes.foreignKeys()) / check;
        longest = Math.max(longest, Sizes.largest(sizes.foreignKeys()) / check);
        seconds += Sizes.sum(sizes.materializedViews()) / rates.copy();
        return parallel(seconds, longest);
    }

    private void definitions() {
        spans.put("create-schema", program(3).plus(defined()));
        spans.put("prepare-target-databases", fixed(8, 20));
        spans.put("copy-roles-closed", fixed(6, 100));
        spans.put("enable-target-superuser", new Span(0.1, 2, 40));
        spans.put("align-owner-secret", new Span(0.02, 1, 30));
        spans.put("record-baseline", fixed(2, 20).plus(defined()));
        spans.put("predict-durations", new Span(0.1, 2, 10));
        spans.put("check-tools", new Span(0.01, 0.2, 3));
    }

    private void surroundings() {
        int many = sizes.tables().size();
        spans.put("stop-writers", writers.stop());
        spans.put("start-writers", writers.start());
        spans.put("fence-source", fixed(8, 8L * many + 50).plus(new Span(0, 0.5, 30)));
        spans.put("prove-source-quiet", fixed(6, 2L * many).plus(new Span(0, 0.5, 10)));
        spans.put("switch-endpoints", fixed(2, 100));
        spans.put("open-target", fixed(4, 60));
        spans.put("probe-as-application", fixed(20, 40).plus(new Span(0, 0, 20)));
    }

    /**
     * Strategy online: what travels before the stop, and what the stop is made of. Patroni copies a
     * slot to its replicas within 20 to 33 s; an operator restarts every member for wal_level.
     */
    private void links() {
        spans.put("seed-tables", of("copy-tables").plus(of("copy-large-objects")));
        spans.put("enable-logical-wal", new Span(0.1, 20, 180));
        spans.put("publish-tables", fixed(10, 2L * sizes.tables().size()));
        spans.put("create-slot", new Span(0.1, 1, 60));
        spans.put("protect-slot", new Span(0.5, 30, 120));
        spans.put("subscribe", new Span(0.2, 1, 30));
        spans.put("catch-up", new Span(0.2, 5, 600));
        spans.put("confirm-link", new Span(0.1, 1, 60));
        spans.put("drain-link", new Span(0.05, 0.5, 10));
        spans.put("validate-cut", defined().plus(fixed(8, 20)));
        spans.put("disable-forward", fixed(10, 20));
        spans.put("create-reverse-link", new Span(0.3, 1, 20));
        spans.put(
                "refresh-materialized-views",
                parallel(Sizes.sum(sizes.materializedViews()) / rates.copy(), 0));
        spans.put("release-slot", new Span(0.1, 11, 60));
    }

    private Span defined() {
        double seconds = sizes.definitions() * DEFINITION;
        return new Span(seconds / 10, seconds, seconds * 5);
    }

    private Span program(int programs) {
        int all = programs * Math.max(1, sizes.databases());
        return new Span(0.1 * all, PROGRAM * all, 4 * PROGRAM * all);
    }

    /** Sessions a database and statements in all, and the journal's two writes. */
    private Span fixed(int sessions, long trips) {
        double seconds =
                sessions * Math.max(1, sizes.databases()) * rates.connectSeconds()
                        + trips * rates.roundTripSeconds();
        return new Span(seconds / 20, 0.1 + seconds, 1 + 6 * seconds);
    }

    /**
     * @param seconds of one worker for all of it
     * @param longest of one worker for the largest piece, which cannot be shared
     */
    private Span parallel(double seconds, double longest) {
        double workers = 1 + NEXT_WORKER * (jobs - 1);
        return rates.seconds(
                Math.max(seconds / jobs, longest), Math.max(seconds / workers, longest), seconds);
    }
}
