package dev.switchback.settle;

import dev.switchback.settle.AlertRule.Severity;
import dev.switchback.settle.WatchRecord.AlertEvent;
import dev.switchback.settle.WatchRecord.AlertState;
import dev.switchback.settle.WatchRecord.BackupProof;
import dev.switchback.settle.WatchRecord.Baseline;
import dev.switchback.settle.WatchRecord.LateWriter;
import dev.switchback.spec.Settle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a look makes of the record:
 *
 * <ol>
 *   <li>The time since the last look counts as watched when one process watched all of it, or when
 *       the gap is no longer than a few intervals.
 *   <li>Each rule: so many looks in a row fire it, so many clear it; what cannot be read does
 *       neither.
 *   <li>The stable stretch begins when nothing fires any more, and ends when something does.
 *   <li>After enough time watched the target's own baseline is kept.
 * </ol>
 */
final class Judging {
    /** A gap of so many intervals is a restart of the watching process, not an absence. */
    private static final int GAP_INTERVALS = 3;

    private final Settle settle;
    private final List<AlertRule> rules;

    Judging(Settle settle) {
        this.settle = settle;
        this.rules = Alerts.of(settle);
    }

    /**
     * @param continuous whether this process took the last look too
     * @param before the source's baseline, where the journal holds one
     */
    WatchRecord after(
            WatchRecord record, Look look, boolean continuous, Optional<Baseline> before) {
        List<AlertState> states = new ArrayList<>();
        List<AlertEvent> transitions = new ArrayList<>(record.transitions());
        long firings = record.firings();
        boolean serious = false;
        for (AlertRule rule : rules) {
            AlertState old =
                    record.alert(rule.name())
                            .orElse(new AlertState(rule.name(), AlertState.OK, look.at(), 0, ""));
            AlertState next = next(rule, old, look);
            states.add(next);
            serious |= next.isFiring() && rule.severity() != Severity.INFO;
            if (next.isFiring() != old.isFiring()) {
                firings += next.isFiring() ? 1 : 0;
                transitions.add(event(rule, old, next, look.at()));
            }
        }
        long watched = record.watchedSeconds() + gap(record, look.at(), continuous);
        return new WatchRecord(
                WatchRecord.API_VERSION,
                record.migrationUid(),
                record.committedAt(),
                record.from() == null ? look.at() : record.from(),
                look.at(),
                watched,
                record.looks() + 1,
                serious ? null : record.stableFrom() == null ? look.at() : record.stableFrom(),
                states,
                transitions,
                firings,
                lateWriters(record, look),
                baselines(record, look, watched, before),
                record.backup(),
                look.memory());
    }

    WatchRecord withBefore(WatchRecord r, Baseline before) {
        Map<String, Baseline> baselines = new HashMap<>(r.baselines());
        baselines.put(Baselines.BEFORE, before);
        return changed(r, r.transitions(), baselines, r.backup());
    }

    WatchRecord withBackup(WatchRecord r, BackupProof proof) {
        // a proof stays one when a later backup is only asked for
        boolean keep = r.backupProven() && !proof.proven();
        return changed(r, r.transitions(), r.baselines(), keep ? r.backup() : proof);
    }

    WatchRecord told(WatchRecord r, List<AlertEvent> told) {
        List<AlertEvent> marked =
                r.transitions().stream()
                        .map(e ->
                                told.contains(e)
                                        ? new AlertEvent(
                                                e.alert(),
                                                e.severity(),
                                                e.change(),
                                                e.at(),
                                                e.what(),
                                                e.remedy(),
                                                true)
                                        : e)
                        .toList();
        return changed(r, marked, r.baselines(), r.backup());
    }

    private static WatchRecord changed(
            WatchRecord r,
            List<AlertEvent> transitions,
            Map<String, Baseline> baselines,
            @Nullable BackupProof backup) {
        return new WatchRecord(
                r.apiVersion(),
                r.migrationUid(),
                r.committedAt(),
                r.from(),
                r.lastLook(),
                r.watchedSeconds(),
                r.looks(),
                r.stableFrom(),
                r.alerts(),
                transitions,
                r.firings(),
                r.lateWriters(),
                baselines,
                backup,
                r.memory());
    }

    private long gap(WatchRecord record, Instant now, boolean continuous) {
        if (record.lastLook() == null) {
            return 0;
        }
        Duration gap = Duration.between(record.lastLook(), now);
        boolean seen =
                continuous || gap.compareTo(settle.interval().multipliedBy(GAP_INTERVALS)) <= 0;
        return seen && !gap.isNegative() ? gap.toSeconds() : 0;
    }

    private static AlertState next(AlertRule rule, AlertState old, Look look) {
        List<String> seen = rule.seen(look);
        if (!seen.isEmpty()) {
            String what = String.join("; ", seen.subList(0, Math.min(5, seen.size())));
            if (old.isFiring()) {
                return new AlertState(rule.name(), AlertState.FIRING, old.since(), 0, what);
            }
            int streak = old.streak() + 1;
            return streak >= rule.fireAfter()
                    ? new AlertState(rule.name(), AlertState.FIRING, look.at(), 0, what)
                    : new AlertState(rule.name(), old.state(), old.since(), streak, what);
        }
        Optional<String> blind =
                rule.readings().stream()
                        .sorted()
                        .filter(look.unread()::containsKey)
                        .map(r -> "cannot be read: " + r + ": " + look.unread().get(r))
                        .findFirst();
        if (blind.isPresent()) {
            return old.isFiring()
                    ? new AlertState(rule.name(), AlertState.FIRING, old.since(), 0, old.what())
                    : new AlertState(
                            rule.name(),
                            AlertState.UNKNOWN,
                            old.state().equals(AlertState.UNKNOWN) ? old.since() : look.at(),
                            0,
                            blind.get());
        }
        if (!old.isFiring()) {
            return new AlertState(
                    rule.name(),
                    AlertState.OK,
                    old.state().equals(AlertState.OK) ? old.since() : look.at(),
                    0,
                    "");
        }
        int streak = old.streak() + 1;
        return streak >= rule.clearAfter()
                ? new AlertState(rule.name(), AlertState.OK, look.at(), 0, "")
                : new AlertState(rule.name(), AlertState.FIRING, old.since(), streak, old.what());
    }

    private static AlertEvent event(AlertRule rule, AlertState old, AlertState next, Instant at) {
        return new AlertEvent(
                rule.name(),
                rule.severity().word(),
                next.isFiring() ? "fired" : "cleared",
                at,
                next.isFiring() ? next.what() : "was: " + old.what(),
                next.isFiring() ? rule.remedy() : "",
                false);
    }

    /** The newest sight of each. */
    private static List<LateWriter> lateWriters(WatchRecord record, Look look) {
        Map<String, LateWriter> known = new LinkedHashMap<>();
        for (LateWriter writer : record.lateWriters()) {
            known.put(writer.identity(), writer);
        }
        for (LateWriter writer : look.lateWriters()) {
            known.remove(writer.identity());
            known.put(writer.identity(), writer);
        }
        return List.copyOf(known.values());
    }

    private Map<String, Baseline> baselines(
            WatchRecord record, Look look, long watched, Optional<Baseline> before) {
        Map<String, Baseline> baselines = new HashMap<>(record.baselines());
        before.ifPresent(b -> baselines.putIfAbsent(Baselines.BEFORE, b));
        @Nullable Baseline settled = baselines.get(Baselines.SETTLED);
        if (settled == null
                && watched >= settle.baselineAfter().toSeconds()
                && !look.unread().containsKey(ResponseReader.NAME)) {
            baselines.put(Baselines.SETTLED, Baselines.of(look));
        }
        return baselines;
    }
}
