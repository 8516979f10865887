package dev.switchback.diagnose;

import java.util.stream.Stream;

/**
 * One row of the table of causes.
 *
 * @param id stable, for scripts
 * @param what in words: what is wrong and why it has this effect
 * @param rule finds it in the evidence; empty when it is not so
 */
public record Cause(String id, Symptom symptom, Certainty certainty, String what, Rule rule) {

    /** What in the evidence tells of a cause. */
    @FunctionalInterface
    public interface Rule {
        Stream<Because> in(Evidence evidence);
    }

    /**
     * One occurrence.
     *
     * @param object what it is about
     * @param seen the evidence, in words
     * @param command what mends it
     */
    public record Because(String object, String seen, String command) {}
}
