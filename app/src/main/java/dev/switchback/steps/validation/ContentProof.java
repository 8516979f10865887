package dev.switchback.steps.validation;

import dev.switchback.engine.Facts;
import dev.switchback.steps.proof.VerifyContent;
import java.util.Optional;

/**
 * What the journal knows about the rows at the switch.
 *
 * @param proven every table was equal on the two snapshots pinned before the switch
 * @param words the proof, or why there is none
 */
public record ContentProof(boolean proven, String words) {
    /** By the evidence of {@link VerifyContent}. */
    public static ContentProof of(Optional<Facts> evidence) {
        if (evidence.isEmpty()) {
            return new ContentProof(false, "no comparison on pinned snapshots is in the journal");
        }
        Facts facts = evidence.get();
        if (facts.get("contentProven").filter("true"::equals).isEmpty()) {
            return new ContentProof(
                    false, facts.get("reason").orElse("the journal holds no proof of the content"));
        }
        return new ContentProof(
                true,
                "proven equal on the pinned snapshots: "
                        + facts.require("tablesVerified")
                        + " tables, "
                        + facts.require("rows")
                        + " rows");
    }
}
