package dev.switchback.steps.validation;

import dev.switchback.fault.Problem;
import dev.switchback.steps.validation.Examined.Outcome;
import java.util.List;

/** Everything one validation found. */
public record Validated(List<Examined> parts, List<SuccessLine> success) {
    /** What differs, part after part. */
    public List<Problem> differences() {
        return problems(Outcome.DIFFERS);
    }

    /** What could not be read. */
    public List<Problem> unread() {
        return problems(Outcome.UNKNOWN);
    }

    private List<Problem> problems(Outcome outcome) {
        return parts.stream()
                .filter(p -> p.outcome() == outcome)
                .flatMap(p -> p.problems().stream())
                .toList();
    }

    /** {@code equal}, {@code different} or {@code unknown}. */
    public String verdict() {
        return !differences().isEmpty() ? "different" : unread().isEmpty() ? "equal" : "unknown";
    }
}
