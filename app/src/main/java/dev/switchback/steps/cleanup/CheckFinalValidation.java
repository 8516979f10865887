package dev.switchback.steps.cleanup;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.steps.validation.Examined;
import dev.switchback.steps.validation.Validated;
import java.util.concurrent.Callable;

/** The guide's step 5.1: the validation once more, now, while there is a source to compare with. */
public final class CheckFinalValidation extends Check {
    private final Callable<Validated> validation;

    /**
     * @param validation runs it now
     */
    public CheckFinalValidation(World world, Callable<Validated> validation) {
        super(
                world,
                Chapter.CLEANUP,
                "check-final-validation",
                "A last validation finds nothing that differs");
        this.validation = validation;
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        Validated validated = validation.call();
        for (Examined part : validated.parts()) {
            findings.saw(part.id(), part.outcome().word() + ": " + part.evidence());
        }
        validated.differences().forEach(p -> findings.block(problem(p)));
        validated.unread().forEach(p -> findings.unknown(problem(p)));
    }

    private static Problem problem(Problem found) {
        return new Problem(
                Code.FINAL_VALIDATION,
                found.object(),
                found.code().id() + ": " + found.what(),
                found.remedy(),
                "once the source is given up nobody can compare any more");
    }
}
