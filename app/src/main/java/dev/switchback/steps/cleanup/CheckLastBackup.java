package dev.switchback.steps.cleanup;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.spec.Backup;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.util.Optional;

/** The document says where the last backup of the source goes, or that none is wanted. */
public final class CheckLastBackup extends Check {
    public CheckLastBackup(World world) {
        super(
                world,
                Chapter.CLEANUP,
                "check-last-backup",
                "A last backup of the source can be taken and proven");
    }

    @Override
    protected void look(StepContext context, Findings findings) {
        if (!world.migration().cleanup().finalBackup()) {
            findings.warn(problem("spec.cleanup.finalBackup is none: no last backup is taken", ""));
            return;
        }
        Optional<Backup.Destination> to = world.migration().backup().flatMap(Backup::to);
        if (to.isEmpty()) {
            findings.fail(
                    problem(
                            "the document has no spec.backup.to: a last backup has nowhere to go",
                            "name a place in spec.backup.to, or say spec.cleanup.finalBackup: none"));
            return;
        }
        findings.saw("to", to.get().toString());
    }

    private Problem problem(String what, String remedy) {
        return new Problem(
                Code.LAST_BACKUP_MISSING,
                world.migration().display(),
                what,
                remedy,
                "what the source holds and the target lacks would be gone for good");
    }
}
