package dev.switchback.settle;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.settle.WatchRecord.AlertState;
import dev.switchback.settle.WatchRecord.Baseline;
import dev.switchback.settle.WatchRecord.LateWriter;
import dev.switchback.spec.Migration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The guide's three checklists. A box is ticked by evidence alone; what only a person can know
 * stays open and says so.
 */
public final class Checklists {
    private static final Duration LONG_TERM = Duration.ofDays(7);
    private static final Duration QUIET = Duration.ofHours(24);

    private static final List<String> SUCCESS =
            List.of(
                    "All migration jobs complete without errors",
                    "Data validation passes (matching row counts)",
                    "Applications connect successfully to CNPG",
                    "No increase in error rates",
                    "Performance metrics within acceptable range",
                    "SSL connections working",
                    "Backup system operational");

    private static final int DATA = 1;
    private static final int BACKUP = 6;

    /** A title of the guide and its boxes. */
    public record Checklist(String title, List<Box> boxes) {}

    /**
     * @param evidence what ticks it, or why it is open
     */
    public record Box(String text, boolean ticked, String evidence) {}

    private final Migration migration;
    private final JournalState journal;
    private final Optional<WatchRecord> record;
    private final Instant now;
    private final String unwatched;

    private Checklists(
            Migration migration,
            JournalState journal,
            Optional<WatchRecord> record,
            Instant now,
            String unwatched) {
        this.migration = migration;
        this.journal = journal;
        this.record = record.filter(r -> r.looks() > 0);
        this.now = now;
        this.unwatched = unwatched;
    }

    /**
     * @param record what watching found; empty when nobody watched
     */
    public static List<Checklist> of(
            Migration migration, JournalState journal, Optional<WatchRecord> record, Instant now) {
        return new Checklists(
                        migration, journal, record, now, "nobody watched yet: switchback watch")
                .all();
    }

    /** The same when what was found cannot be read. */
    public static List<Checklist> unread(
            Migration migration, JournalState journal, String why, Instant now) {
        return new Checklists(
                        migration,
                        journal,
                        Optional.empty(),
                        now,
                        "what watching found cannot be read: " + why)
                .all();
    }

    private List<Checklist> all() {
        return List.of(success(), monitoring(), longTerm());
    }

    private Checklist success() {
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < SUCCESS.size(); i++) {
            boxes.add(line(i, SUCCESS.get(i)));
        }
        if (record.map(WatchRecord::backupProven).orElse(false)) {
            boxes.set(BACKUP, new Box(SUCCESS.get(BACKUP), true, backupWords(record.get())));
        }
        return new Checklist("Migration Success", boxes);
    }

    /** As {@code validate-migration} saw it: answer, line and evidence. */
    private Box line(int place, String text) {
        return journal.step("validate-migration")
                .map(StepRecord::evidence)
                .flatMap(e -> e.get("success." + (place + 1)))
                .map(value -> value.split(" \\| ", 3))
                .filter(part -> part.length == 3)
                .map(part ->
                        new Box(
                                text,
                                part[0].equals("yes"),
                                (part[0].equals("unknown") ? "not known: " : "") + part[2]))
                .orElseGet(
                        () -> new Box(text, false, "the migration did not come to its validation"));
    }

    private Checklist monitoring() {
        return new Checklist(
                "Step 4.1: Monitoring Checklist",
                List.of(
                        watched(
                                "All Mastodon functions working (posting, following, notifications)",
                                this::functions),
                        watched(
                                "No database connection errors in application logs",
                                this::databaseErrors),
                        watched("CNPG backups running successfully", this::backups),
                        watched("Performance metrics stable", this::performance),
                        watched("No data consistency issues reported", this::consistency)));
    }

    private Checklist longTerm() {
        return new Checklist(
                "Long-term Success (After 7 Days)",
                List.of(
                        watched("Zero database-related incidents", this::incidents),
                        watched("Performance stable or improved", this::longPerformance),
                        watched("Backup/restore procedures validated", this::restore),
                        watched("Monitoring showing healthy metrics", this::healthy),
                        new Box(
                                "No user-reported issues",
                                false,
                                "only your users can say: ask them")));
    }

    private Box watched(String text, Function<WatchRecord, Answer> judge) {
        if (record.isEmpty()) {
            return new Box(text, false, unwatched);
        }
        Answer answer = judge.apply(record.get());
        return new Box(text, answer.yes(), answer.words());
    }

    private record Answer(boolean yes, String words) {
        static Answer yes(String words) {
            return new Answer(true, words);
        }

        static Answer open(String words) {
            return new Answer(false, words);
        }
    }

    /** Why an alert keeps a box open; empty when it is known to be fine. */
    private static Optional<String> trouble(WatchRecord r, String... alerts) {
        for (String name : alerts) {
            AlertState state = r.alert(name).orElse(null);
            if (state == null || !state.state().equals(AlertState.OK)) {
                return Optional.of(
                        state == null
                                ? name + " was not judged yet"
                                : name + " is " + state.state() + ": " + state.what());
            }
        }
        return Optional.empty();
    }

    private Answer functions(WatchRecord r) {
        Optional<String> trouble = trouble(r, Alerts.CONNECTIVITY, Alerts.CRASH);
        if (trouble.isPresent()) {
            return Answer.open(trouble.get());
        }
        int probes = migration.probes().http().size();
        return probes == 0
                ? Answer.open(
                        "databases answer and pods run, but no probe says what your functions are: add spec.probes.http, or try them")
                : Answer.yes(probes + " probes answer, databases answer, no pod crashes");
    }

    private Answer databaseErrors(WatchRecord r) {
        String lines = r.memory().getOrDefault(PodReader.LINES, "0") + " log lines read";
        Optional<String> trouble = trouble(r, Alerts.ERRORS);
        if (trouble.isPresent()) {
            return Answer.open(trouble.get());
        }
        String last = r.memory().get(PodReader.LAST_DATABASE_ERROR);
        return last == null || Instant.parse(last).isBefore(now.minus(QUIET))
                ? Answer.yes(
                        lines
                                + ", none about the database"
                                + (last == null ? "" : " since " + last))
                : Answer.open(lines + ", the last about the database at " + last);
    }

    private Answer backups(WatchRecord r) {
        Optional<String> trouble = trouble(r, Alerts.BACKUP);
        if (trouble.isPresent()) {
            return Answer.open(trouble.get());
        }
        return r.backupProven()
                ? Answer.yes(backupWords(r))
                : Answer.open("no backup is proven: switchback watch --once --backup");
    }

    private static String backupWords(WatchRecord r) {
        return r.backup() == null
                ? ""
                : r.backup().name()
                        + " ("
                        + r.backup().method()
                        + ") "
                        + r.backup().words()
                        + ": "
                        + r.backup().archivedWal();
    }

    private Answer performance(WatchRecord r) {
        Optional<String> trouble = trouble(r, Alerts.RESPONSE);
        if (trouble.isPresent()) {
            return Answer.open(trouble.get());
        }
        Map<String, Baseline> baselines = r.baselines();
        Baseline before = baselines.get(Baselines.BEFORE);
        Baseline settled = baselines.get(Baselines.SETTLED);
        if (settled == null) {
            return Answer.open(
                    "the target's own baseline is recorded after "
                            + hours(migration.settle().baselineAfter())
                            + " watched; "
                            + hours(r.watched())
                            + " so far");
        }
        List<Baselines.Change> changes =
                before == null ? List.of() : Baselines.changes(before, settled);
        if (changes.isEmpty()) {
            return Answer.open("no measurement is in both baselines");
        }
        Baselines.Change worst = changes.getFirst();
        return worst.factor() <= migration.settle().alerts().responseFactor()
                ? Answer.yes(changes.size() + " measurements, the slowest become: " + worst.words())
                : Answer.open(worst.words());
    }

    private Answer longPerformance(WatchRecord r) {
        Answer stable = performance(r);
        return stable.yes() && old(r).isPresent() ? Answer.open(old(r).get()) : stable;
    }

    private Answer consistency(WatchRecord r) {
        Optional<String> trouble = trouble(r, Alerts.LINK, Alerts.LATE_WRITER);
        if (trouble.isPresent()) {
            return Answer.open(trouble.get());
        }
        Box data = line(DATA, SUCCESS.get(DATA));
        if (!data.ticked()) {
            return Answer.open(data.evidence());
        }
        List<LateWriter> late = r.lateWriters();
        return Answer.yes(
                "validated at the switch; "
                        + (late.isEmpty()
                                ? "nobody came to the source since"
                                : "who came to the source was refused: "
                                        + LateWriterReader.words(late.getLast())));
    }

    /** Why it is too early to speak of the long term; empty when it is not. */
    private Optional<String> old(WatchRecord r) {
        Instant since = r.committedAt() == null ? r.from() : r.committedAt();
        return since == null || Duration.between(since, now).compareTo(LONG_TERM) < 0
                ? Optional.of("the switch was at " + since + ": wait for 7 days")
                : Optional.empty();
    }

    private Answer incidents(WatchRecord r) {
        Optional<Instant> stable = r.stableSince();
        if (stable.isEmpty()) {
            return Answer.open(
                    "firing now: "
                            + String.join(
                                    ", ", r.firing().stream().map(AlertState::alert).toList()));
        }
        return Duration.between(stable.get(), now).compareTo(LONG_TERM) < 0
                ? Answer.open(
                        "no alert since "
                                + stable.get()
                                + ": wait until it is 7 days; "
                                + r.firings()
                                + " fired in all")
                : Answer.yes(
                        "no alert since " + stable.get() + ", " + hours(r.watched()) + " watched");
    }

    private Answer restore(WatchRecord r) {
        return Answer.open(
                (r.backupProven()
                                ? "the backup is proven, its restore is not"
                                : "no backup is proven")
                        + ": bootstrap a scratch Cluster from it (bootstrap.recovery) and look");
    }

    private Answer healthy(WatchRecord r) {
        List<AlertState> not =
                r.alerts().stream().filter(a -> !a.state().equals(AlertState.OK)).toList();
        if (!not.isEmpty()) {
            return Answer.open(
                    String.join(
                            "; ",
                            not.stream()
                                    .map(a -> a.alert() + " is " + a.state() + ": " + a.what())
                                    .toList()));
        }
        Duration wanted = migration.settle().watch();
        return r.watched().compareTo(wanted) < 0
                ? Answer.open(
                        "nothing fires, "
                                + hours(r.watched())
                                + " of "
                                + hours(wanted)
                                + " watched")
                : old(r).map(Answer::open)
                        .orElseGet(() ->
                                Answer.yes(
                                        "nothing fires, everything was read, "
                                                + hours(r.watched())
                                                + " watched"));
    }

    private static String hours(Duration duration) {
        return duration.compareTo(Duration.ofHours(1)) < 0
                ? duration.toMinutes() + " min"
                : duration.toHours() + " h";
    }
}
