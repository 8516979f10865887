package dev.switchback.steps.cleanup;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** The target has served for long enough without an alert, and somebody looked. */
public final class CheckStable extends Check {
    /** The newest look may be so old: a stretch that nobody looks at the end of is not known. */
    private static final Duration LAST_LOOK = Duration.ofDays(1);

    private final Supplier<Stability> watched;

    public CheckStable(World world, Supplier<Stability> watched) {
        super(
                world,
                Chapter.CLEANUP,
                "check-stable",
                "The target has served without an alert for as long as the document wants");
        this.watched = watched;
    }

    @Override
    protected void look(StepContext context, Findings findings) {
        Duration wanted = world.migration().cleanup().notBefore();
        Stability found = watched.get();
        if (!found.backupProven()) {
            findings.block(
                    new Problem(
                            Code.CNPG_BACKUP_NOT_PROVEN,
                            world.target().display(),
                            "no backup of the target is proven",
                            "switchback watch --once --backup",
                            "once the source is given up the target is the only copy"));
        }
        Instant now = world.clock().instant();
        findings.saw("wanted", days(wanted));
        findings.saw("watched", days(found.watched()));
        if (!found.firing().isEmpty()) {
            refuse(findings, "alerts fire now: " + String.join(", ", found.firing()));
        } else if (found.lastLook().isEmpty()) {
            refuse(findings, "nobody watched since the switch: whether it was stable is not known");
        } else if (Duration.between(found.lastLook().get(), now).compareTo(LAST_LOOK) > 0) {
            refuse(
                    findings,
                    "nobody watched since "
                            + found.lastLook().get()
                            + ": whether it is stable is not known");
        } else if (found.since().isEmpty()) {
            refuse(findings, "no stretch without an alert has begun");
        } else {
            Duration stable = Duration.between(found.since().get(), now);
            findings.saw("stableSince", found.since().get().toString());
            if (stable.compareTo(wanted) < 0) {
                refuse(
                        findings,
                        "stable for "
                                + days(stable)
                                + " since "
                                + found.since().get()
                                + ", wanted are "
                                + days(wanted)
                                + ": until "
                                + found.since().get().plus(wanted));
            }
            Duration unwatched = stable.minus(found.watched());
            if (unwatched.compareTo(stable.dividedBy(2)) > 0) {
                findings.warn(
                        problem(
                                "of "
                                        + days(stable)
                                        + " only "
                                        + days(found.watched())
                                        + " were watched",
                                "let 'switchback watch' run for longer"));
            }
        }
    }

    private void refuse(Findings findings, String what) {
        findings.block(problem(what, "keep 'switchback watch' running, and come back then"));
    }

    private Problem problem(String what, String remedy) {
        return new Problem(
                Code.NOT_STABLE,
                world.migration().display(),
                what,
                remedy,
                "the source is the last way to get at what the target may prove to lack");
    }

    static String days(Duration time) {
        double days = time.toMinutes() / 1440.0;
        return String.format(java.util.Locale.ROOT, "%.1f days", days);
    }
}
