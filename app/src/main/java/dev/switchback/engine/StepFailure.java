package dev.switchback.engine;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step could not be done. */
final class StepFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    StepFailure(List<Problem> problems, @Nullable Throwable cause) {
        super(problems.getFirst().line(), cause);
        this.problems = List.copyOf(problems);
    }

    StepFailure(String object, Throwable cause) {
        this(problems(object, cause), cause);
    }

    List<Problem> problems() {
        return problems;
    }

    /** What a throwable says, as problems about {@code object}. */
    static List<Problem> problems(String object, Throwable cause) {
        if (cause instanceof SwitchbackException known) {
            return known.problems();
        }
        Code code = cause instanceof Error ? Code.BUG : Code.STEP_FAILED;
        return List.of(new Problem(code, object, words(cause), ""));
    }

    static String words(Throwable cause) {
        if (cause instanceof SwitchbackException known) {
            return known.problem().what();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
