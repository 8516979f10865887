package dev.switchback.steps.validation;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.health.ApplicationHealth;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Stopper;
import dev.switchback.steps.World;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs every part of the validation; one that cannot be read does not keep the others from it. */
public final class MigrationValidation {
    private final World world;
    private final Cut cut;
    private final boolean frozen;
    private final Optional<ApplicationHealth> baseline;
    private final ContentProof proof;

    /**
     * @param frozen the caller says that nothing was written on the target since the switch
     * @param baseline what {@code record-baseline} saw
     * @param proof what the journal knows about the rows at the switch
     */
    public MigrationValidation(
            World world,
            Cut cut,
            boolean frozen,
            Optional<ApplicationHealth> baseline,
            ContentProof proof) {
        this.world = world;
        this.cut = cut;
        this.frozen = frozen;
        this.baseline = baseline;
        this.proof = proof;
    }

    /**
     * @param jobs the first line of success, which only the journal knows
     * @param proofIsFresh the proof was made just now; the rows are then not compared again
     */
    public Validated run(SuccessLine jobs, boolean proofIsFresh, Stopper stopper)
            throws InterruptedException {
        List<Examined> parts = new ArrayList<>();
        several(parts, "schema", () -> new ExamineDefinitions(world).examine());
        if (proofIsFresh && proof.proven()) {
            parts.add(Examined.of("content", proof.words(), List.of(), List.of()));
        } else {
            one(
                    parts,
                    "content",
                    () -> new ExamineContent(world, cut, frozen, proof).examine(stopper));
        }
        stopper.checkpoint();
        ExamineReferences references = new ExamineReferences(world);
        one(parts, "references", references::keys);
        one(parts, "queries", references::queries);
        ExamineSequences sequences = new ExamineSequences(world, cut, frozen);
        one(parts, "sequences", sequences::sequences);
        one(parts, "large-objects", sequences::largeObjects);
        stopper.checkpoint();
        if (cut != Cut.SOURCE_FENCED) {
            return new Validated(parts, List.of());
        }
        several(parts, "read-write", () -> new ExamineEndpoints(world).examine());
        ExamineService service = new ExamineService(world);
        one(parts, "tls", service::tls);
        ApplicationHealth now = health();
        one(parts, "performance", () -> service.performance(baseline, now));
        return new Validated(parts, new MigrationSuccess(world, parts).lines(jobs, baseline, now));
    }

    private ApplicationHealth health() throws InterruptedException {
        List<ConnectionSpec> databases =
                world.databases().stream().map(d -> world.target(d, "validate")).toList();
        return ApplicationHealth.read(world.kube(), world.writers(), databases, world.exclusions());
    }

    /** A look that may fail to read. */
    private interface Look<T> {
        T take() throws SQLException, InterruptedException;
    }

    private void one(List<Examined> parts, String id, Look<Examined> look)
            throws InterruptedException {
        several(parts, id, () -> List.of(look.take()));
    }

    private void several(List<Examined> parts, String id, Look<List<Examined>> look)
            throws InterruptedException {
        try {
            parts.addAll(look.take());
        } catch (SwitchbackException e) {
            parts.add(Examined.unknown(id, e.problems()));
        } catch (SQLException e) {
            parts.add(
                    Examined.unknown(
                            id,
                            List.of(
                                    new Problem(
                                            Code.VALIDATION_UNREAD,
                                            id,
                                            Pg.words(e),
                                            "run 'switchback validate' again"))));
        }
    }
}
