package dev.switchback.fault;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The only exception that crosses rooms on purpose. Its message is {@link Problem#line()} of the
 * first problem, so it never holds a secret; the cause keeps the server's own exception for the
 * debug log.
 */
public final class SwitchbackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public SwitchbackException(Problem problem, @Nullable Throwable cause) {
        super(problem.line(), cause);
        this.problems = List.of(problem);
    }

    public SwitchbackException(Problem problem) {
        this(problem, null);
    }

    public SwitchbackException(Code code, String object, String what, String remedy) {
        this(new Problem(code, object, what, remedy), null);
    }

    /** Several problems found in one go, so that a person mends them all at once; at least one. */
    public SwitchbackException(List<Problem> problems) {
        super(problems.getFirst().line(), null);
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    public Problem problem() {
        return problems.getFirst();
    }

    public Code code() {
        return problem().code();
    }
}
