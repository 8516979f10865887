package dev.switchback.steps.validation;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.health.ApplicationHealth;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import dev.switchback.steps.proof.RecordBaseline;
import dev.switchback.steps.proof.VerifyContent;
import java.util.Optional;

/**
 * The comprehensive validation while the target serves. Past the commit point nothing is undone: a
 * difference ends the run as incomplete, and running it again looks again.
 */
public final class ValidateMigration implements Step {
    public static final String ID = "validate-migration";

    private final World world;

    public ValidateMigration(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Validate definitions, references, sequences, endpoints, TLS and speed";
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        Optional<ApplicationHealth> baseline =
                context.evidenceOf(RecordBaseline.ID)
                        .flatMap(f -> f.get(RecordBaseline.HEALTH))
                        .map(ApplicationHealth::fromJson);
        Validated validated =
                new MigrationValidation(
                                world,
                                Cut.SOURCE_FENCED,
                                false,
                                baseline,
                                ContentProof.of(context.evidenceOf(VerifyContent.ID)))
                        .run(
                                SuccessLine.of(
                                        JournalledJobs.LINE, true, "every step before this one"),
                                true,
                                new Stops(context));
        if (!validated.differences().isEmpty()) {
            return new Observation.Impossible(validated.differences());
        }
        Facts facts = Facts.of("verdict", validated.verdict());
        for (Examined part : validated.parts()) {
            facts = facts.with("part." + part.id(), part.outcome().word() + ": " + shown(part));
        }
        for (int i = 0; i < validated.success().size(); i++) {
            SuccessLine line = validated.success().get(i);
            facts =
                    facts.with(
                            "success." + (i + 1),
                            line.answer()
                                    + " | "
                                    + line.line()
                                    + " | "
                                    + shortened(line.evidence()));
        }
        return Observation.done(facts);
    }

    private static String shown(Examined part) {
        return shortened(
                part.problems().isEmpty()
                        ? part.evidence()
                        : part.evidence() + "; " + part.problems().getFirst().what());
    }

    /** The journal is one object of limited size. */
    private static String shortened(String text) {
        return text.length() > 400 ? text.substring(0, 400) + " ..." : text;
    }
}
