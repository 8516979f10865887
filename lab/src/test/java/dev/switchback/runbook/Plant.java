package dev.switchback.runbook;

import dev.switchback.diagnose.Symptom;

/**
 * One fault put into a lab, and how it is taken out again.
 *
 * @param cause what {@code diagnose} must name first
 */
record Plant(Symptom symptom, String cause, Act plant, Act unplant) {

    /** What a hand does in the lab. */
    @FunctionalInterface
    interface Act {
        void in(Rig rig) throws Exception;
    }
}
