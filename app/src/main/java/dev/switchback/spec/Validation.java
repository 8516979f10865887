package dev.switchback.spec;

import java.util.List;
import java.util.Optional;

/**
 * What {@code validate} looks at beside its own checks.
 *
 * @param queries the user's queries, run on the target
 * @param slowdown factor by which a statement of the baseline may be slower on the target
 */
public record Validation(List<Query> queries, double slowdown) {
    public static final Validation DEFAULT = new Validation(List.of(), 2.0);

    /**
     * One query with one expected value.
     *
     * @param sql read-only; its first column of its first row is compared
     * @param database the only one of the document when empty
     */
    public record Query(String sql, Optional<String> database, String expect) {}
}
