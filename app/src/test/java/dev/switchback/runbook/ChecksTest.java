package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Finding;
import dev.switchback.engine.Finding.Level;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.runbook.Checks.Result;
import dev.switchback.runbook.Checks.Verdict;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final Step STEP =
            new Step() {
                @Override
                public String id() {
                    return "check-it";
                }

                @Override
                public String title() {
                    return "Check it";
                }

                @Override
                public Observation observe(StepContext context) {
                    return Observation.done();
                }
            };

    private static Finding found(Level level, Code code, String object, String what) {
        return new Finding(level, new Problem(code, object, what, "mend it"));
    }

    private static Finding fails(Code code, String object, String what) {
        return found(Level.FAIL, code, object, what);
    }

    private static Finding unread(String object) {
        return found(Level.UNKNOWN, Code.PG_FAILED, object, "cannot be read");
    }

    private static Result result(Finding... findings) {
        List<Finding> all = Arrays.asList(findings);
        boolean fails = all.stream().anyMatch(f -> f.level() == Level.FAIL);
        return new Result(
                STEP,
                fails ? Verdict.FAIL : Verdict.UNKNOWN,
                Facts.NONE,
                all.stream().map(Finding::problem).toList(),
                all);
    }

    private static List<String> causes(Result... results) {
        return Checks.causes(Arrays.asList(results)).stream()
                .map(p -> p.object() + " " + p.what())
                .toList();
    }

    @Test
    void aCauseThatTwoChecksFindIsToldAsTheFirstSaysIt() {
        assertThat(
                        causes(
                                result(
                                        fails(Code.PG_PRIVILEGE, "source", "is no superuser"),
                                        fails(Code.PG_PRIVILEGE, "source", "has no password")),
                                result(fails(Code.PG_PRIVILEGE, "source", "may not fence")),
                                result(fails(Code.PG_PRIVILEGE, "target", "may not fence"))))
                .containsExactly(
                        "source is no superuser", "source has no password", "target may not fence");
    }

    @Test
    void whatCannotBeReadYieldsToAnythingWrongBeforeIt() {
        assertThat(
                        causes(
                                result(unread("source")),
                                result(unread("nodes")),
                                result(fails(Code.TARGET_NOT_EMPTY, "target", "holds a table"))))
                .containsExactly("source cannot be read", "target holds a table");
        assertThat(
                        causes(
                                result(
                                        fails(Code.TARGET_NOT_EMPTY, "target", "holds a table"),
                                        unread("source"))))
                .containsExactly("target holds a table");
    }

    @Test
    void whatCannotBeReadYieldsToALaterCheckThatSaysWhy() {
        assertThat(
                        causes(
                                result(unread("pooler")),
                                result(fails(Code.ENDPOINT_MISSING, "pooler", "is not there"))))
                .containsExactly("pooler is not there");
    }

    @Test
    void whateverBlocksNeverLeavesNoCause() {
        assertThat(causes(result(unread("a"), unread("b")), result(unread("c"))))
                .containsExactly("a cannot be read", "b cannot be read");
    }
}
