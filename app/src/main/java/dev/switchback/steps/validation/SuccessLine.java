package dev.switchback.steps.validation;

/**
 * One line of the guide's "migration success".
 *
 * @param answer {@code yes}, {@code no} or {@code unknown}; unknown is never yes
 */
public record SuccessLine(String line, String answer, String evidence) {
    static SuccessLine of(String line, boolean yes, String evidence) {
        return new SuccessLine(line, yes ? "yes" : "no", evidence);
    }

    static SuccessLine unknown(String line, String evidence) {
        return new SuccessLine(line, "unknown", evidence);
    }
}
