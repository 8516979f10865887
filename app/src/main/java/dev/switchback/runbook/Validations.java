package dev.switchback.runbook;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.health.ApplicationHealth;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.steps.World;
import dev.switchback.steps.link.SeedTables;
import dev.switchback.steps.proof.RecordBaseline;
import dev.switchback.steps.proof.VerifyContent;
import dev.switchback.steps.validation.ContentProof;
import dev.switchback.steps.validation.Cut;
import dev.switchback.steps.validation.JournalledJobs;
import dev.switchback.steps.validation.MigrationValidation;
import dev.switchback.steps.validation.Validated;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;

/** The validation as a command of its own: what the journal says decides what can be compared. */
public final class Validations {
    private Validations() {}

    /** What was found, and what the sides had in common. */
    public record Result(Cut cut, Validated validated) {}

    /**
     * @param frozen the caller says that nothing was written on the target since the switch
     * @throws SwitchbackException VALIDATION_UNREAD when the target holds no copy
     */
    public static Result run(Stage stage, boolean frozen) throws InterruptedException {
        return run(stage.world(), stage.requireState(), frozen);
    }

    static Result run(World world, JournalState state, boolean frozen) throws InterruptedException {
        Cut cut = cut(world, state);
        Optional<ApplicationHealth> baseline =
                state.step(RecordBaseline.ID)
                        .flatMap(s -> s.evidence().get(RecordBaseline.HEALTH))
                        .map(ApplicationHealth::fromJson);
        return new Result(
                cut,
                new MigrationValidation(
                                world,
                                cut,
                                frozen,
                                baseline,
                                ContentProof.of(
                                        state.step(VerifyContent.ID).map(s -> s.evidence())))
                        .run(JournalledJobs.line(state), false, Stopper.NEVER));
    }

    private static Cut cut(World world, JournalState state) {
        boolean copied =
                Stream.of("copy-tables", SeedTables.ID)
                        .flatMap(id -> state.step(id).stream())
                        .anyMatch(s -> s.state() == StepState.DONE);
        if (!copied) {
            throw new SwitchbackException(
                    Code.VALIDATION_UNREAD,
                    world.target().display(),
                    "the target holds no copy: the migration is "
                            + state.status().name().toLowerCase(java.util.Locale.ROOT),
                    "run 'switchback migrate' first");
        }
        return switch (state.status()) {
            case COMMITTED, COMPLETED -> fenced(world) ? Cut.SOURCE_FENCED : Cut.NONE;
            case RUNNING -> fenced(world) ? Cut.QUIET : Cut.NONE;
            default -> Cut.NONE;
        };
    }

    /** Whether the fence stands in every database of the source. */
    private static boolean fenced(World world) {
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, "validate"))) {
                if (Sql.first(
                                source,
                                "SELECT 1 FROM pg_event_trigger WHERE evtname = ? AND evtenabled <> 'D'",
                                Ours.FENCE_EVENT_TRIGGER)
                        == null) {
                    return false;
                }
            } catch (SQLException e) {
                throw new SwitchbackException(
                        Code.VALIDATION_UNREAD,
                        world.source().display() + "/" + database,
                        "whether its fence stands cannot be read: " + Pg.words(e),
                        "make the source reachable and run 'switchback validate' again");
            }
        }
        return true;
    }
}
