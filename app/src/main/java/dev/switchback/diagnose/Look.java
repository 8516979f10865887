package dev.switchback.diagnose;

import dev.switchback.steps.World;
import java.util.Set;

/** One look at one part of the world. It reads only, and what it cannot read it says. */
interface Look {
    /** For people, when it fails as a whole. */
    String name();

    /** The symptoms it is needed for. */
    default Set<Symptom> symptoms() {
        return Set.of(Symptom.values());
    }

    /**
     * @throws Exception when nothing of it can be read; what was seen before stays
     */
    void take(World world, Evidence evidence) throws Exception;
}
