package dev.switchback.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * An ordered list of lines {@code phase(step, step, …)} with the guards, gates and scopes that span
 * them.
 *
 * @param returning whether it is a way back, run after the commit point of another runbook
 * @param commitPoint id of the step after which nothing is released automatically, if the runbook
 *     has one
 * @param finishesFrom of a runbook that tidies up after another's end: id of the step from which on
 *     there is no way back and it is only finished
 */
public record Runbook(
        String name,
        List<Line> lines,
        List<Guard> guards,
        List<Gate> gates,
        List<Scope> scopes,
        Optional<String> commitPoint,
        boolean returning,
        Optional<String> finishesFrom) {

    /** One phase and its steps. */
    public record Line(Phase phase, List<Step> steps) {}

    /** A step with the phase it stands in. */
    public record Entry(Phase phase, Step step) {}

    public static Builder named(String name) {
        return new Builder(name);
    }

    public List<Entry> entries() {
        return lines.stream()
                .flatMap(l -> l.steps().stream().map(s -> new Entry(l.phase(), s)))
                .toList();
    }

    public Optional<Entry> entry(String stepId) {
        return entries().stream().filter(e -> e.step().id().equals(stepId)).findFirst();
    }

    /**
     * Whether it is a way back that can be taken back until its own commit point; one without a
     * commit point is only ever finished.
     */
    public boolean canStay() {
        return returning && commitPoint.isPresent();
    }

    /** Whether it tidies up after a migration that is completed; nothing of it is ever released. */
    public boolean finishing() {
        return finishesFrom.isPresent();
    }

    /** Whether a step is the one of {@code finishesFrom} or behind it. */
    boolean finishesAt(String stepId) {
        List<String> ids = entries().stream().map(e -> e.step().id()).toList();
        return finishesFrom
                .map(ids::indexOf)
                .filter(from -> ids.indexOf(stepId) >= from)
                .isPresent();
    }

    /**
     * Whether a phase begins with this step, as others see it: with the first that takes service
     * from users, or with its first when none does.
     */
    boolean beginsWith(Entry entry) {
        List<Entry> phase = entries().stream().filter(e -> e.phase() == entry.phase()).toList();
        return phase.stream()
                .filter(e -> e.step().inDowntime())
                .findFirst()
                .orElse(phase.getFirst())
                .equals(entry);
    }

    /** The same with one more gate. */
    public Runbook withGate(Gate gate) {
        List<Gate> more = new ArrayList<>(gates);
        more.add(gate);
        return new Runbook(
                name,
                lines,
                guards,
                List.copyOf(more),
                scopes,
                commitPoint,
                returning,
                finishesFrom);
    }

    /** The same with every step put through {@code change}; ids stay. */
    public Runbook withSteps(UnaryOperator<Step> change) {
        return new Runbook(
                name,
                lines.stream()
                        .map(line ->
                                new Line(line.phase(), line.steps().stream().map(change).toList()))
                        .toList(),
                guards,
                gates,
                scopes,
                commitPoint,
                returning,
                finishesFrom);
    }

    /** Writes a runbook the way the guide reads. */
    public static final class Builder {
        private final String name;
        private final List<Line> lines = new ArrayList<>();
        private final List<Guard> guards = new ArrayList<>();
        private final List<Gate> gates = new ArrayList<>();
        private final List<Scope> scopes = new ArrayList<>();
        private Optional<String> commitPoint = Optional.empty();
        private boolean returning;
        private Optional<String> finishesFrom = Optional.empty();

        private Builder(String name) {
            this.name = name;
        }

        public Builder phase(Phase phase, Step... steps) {
            lines.add(new Line(phase, List.of(steps)));
            return this;
        }

        public Builder guard(Guard guard) {
            guards.add(guard);
            return this;
        }

        public Builder gate(Gate gate) {
            gates.add(gate);
            return this;
        }

        public Builder scope(String id, String... steps) {
            scopes.add(new Scope(id, List.of(steps)));
            return this;
        }

        public Builder commitAt(String stepId) {
            commitPoint = Optional.of(stepId);
            return this;
        }

        /**
         * A way back: it starts past the commit point of another runbook. With a commit point of
         * its own it is taken back when it fails before that, and the target goes on serving;
         * without one it is never released. Its steps' ids are not those of the forward runbook's
         * steps: both are in one journal.
         */
        public Builder returning() {
            returning = true;
            return this;
        }

        /**
         * Tidies up after another runbook that came to its end. What fails before {@code stepId}
         * leaves the migration as it was; from its first act on the journal says CLEANING, and it
         * is only finished. It is never released.
         */
        public Builder finishingFrom(String stepId) {
            finishesFrom = Optional.of(stepId);
            return this;
        }

        /**
         * @throws IllegalArgumentException when two steps share an id or something names a step
         *     that is not there
         */
        public Runbook build() {
            Runbook runbook =
                    new Runbook(
                            name,
                            List.copyOf(lines),
                            List.copyOf(guards),
                            List.copyOf(gates),
                            List.copyOf(scopes),
                            commitPoint,
                            returning,
                            finishesFrom);
            Set<String> ids = new HashSet<>();
            for (Entry entry : runbook.entries()) {
                if (!ids.add(entry.step().id())) {
                    throw new IllegalArgumentException("two steps are called " + entry.step().id());
                }
            }
            List<String> named = new ArrayList<>();
            guards.forEach(g -> named.addAll(List.of(g.from(), g.until())));
            gates.forEach(g -> named.add(g.before()));
            scopes.forEach(s -> named.addAll(s.steps()));
            commitPoint.ifPresent(named::add);
            finishesFrom.ifPresent(named::add);
            for (String id : named) {
                if (!ids.contains(id)) {
                    throw new IllegalArgumentException("no step is called " + id);
                }
            }
            return runbook;
        }
    }
}
