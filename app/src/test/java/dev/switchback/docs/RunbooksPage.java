package dev.switchback.docs;

import dev.switchback.engine.Guard;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Scope;
import dev.switchback.engine.Step;
import dev.switchback.engine.UndoAt;
import dev.switchback.runbook.Cleanup;
import dev.switchback.runbook.Return;
import dev.switchback.runbook.Stage;
import dev.switchback.runbook.WayBack;
import dev.switchback.spec.DocumentReader;
import dev.switchback.steps.backup.TakeBackup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes docs/runbooks.md from the step lists of the code. A stage is opened on an API server that
 * does not exist: making steps reads nothing, and if that ever changes, this fails.
 */
final class RunbooksPage {
    private static final String WITH_SCHEMA = "nothing of its own: goes with `create-schema`";
    private static final String PAST_RETURN = "never: it is past the way back's commit point";
    private static final String OVERWRITTEN =
            "nothing: the next attempt sets it anew, `abort` empties the databases";

    /** What the code cannot tell by itself: the words for what a step's undo does. */
    static final Map<String, String> UNDO =
            Map.ofEntries(
                    Map.entry(
                            "enable-target-superuser",
                            "puts `spec.enableSuperuserAccess` back as it was written"),
                    Map.entry(
                            "take-safety-backup",
                            "removes what is unfinished; a finished backup stays"),
                    Map.entry(
                            "take-final-backup",
                            "removes what is unfinished; a finished backup stays"),
                    Map.entry("align-owner-secret", "puts the Secret's old values back"),
                    Map.entry(
                            "prepare-target-databases",
                            "drops databases that were not there before, takes our marker out of the others"),
                    Map.entry(
                            "copy-roles-closed",
                            "drops the roles we made, puts the others back as they were"),
                    Map.entry(
                            "create-schema",
                            "makes the target databases empty again, copied rows included, if they carry our marker"),
                    Map.entry(
                            "stop-writers",
                            "sets every writer back as captured and waits until they serve"),
                    Map.entry(
                            "fence-source",
                            "lowers the fence, puts settings and privileges back as captured"),
                    Map.entry(
                            "copy-database-grants",
                            "gives the target databases the grants and comments they had"),
                    Map.entry("copy-tables", WITH_SCHEMA),
                    Map.entry("build-indexes", WITH_SCHEMA),
                    Map.entry("copy-sequences", WITH_SCHEMA),
                    Map.entry("copy-large-objects", WITH_SCHEMA),
                    Map.entry("analyze-target", WITH_SCHEMA),
                    Map.entry("switch-endpoints", "puts the exact old values back"),
                    Map.entry(
                            "create-reverse-link",
                            "takes the reverse link away, with its slot, publication and role"),
                    Map.entry(
                            "set-replica-identity",
                            "gives each table the replica identity that it had"),
                    Map.entry("pin-snapshots", "lets the snapshots go"),
                    Map.entry("open-target", "never: it is the commit point"),
                    Map.entry("start-writers", "never: it is past the commit point"));

    /** The same for what only the online runbook has, or takes back otherwise. */
    static final Map<String, String> UNDO_ONLINE =
            Map.ofEntries(
                    Map.entry(
                            "enable-logical-wal",
                            "asks the operator for the level that was there, which restarts every member again;"
                                    + " refused while any logical slot is left"),
                    Map.entry("create-replication-role", "drops the role"),
                    Map.entry("publish-tables", "drops the publication and the heartbeat's table"),
                    Map.entry("create-slot", "drops the slots"),
                    Map.entry("seed-tables", WITH_SCHEMA),
                    Map.entry(
                            "protect-slot",
                            "has Patroni forget the slots, drops their copies on the replicas"),
                    Map.entry("subscribe", "drops the subscriptions; the slots are left alone"),
                    Map.entry("drain-link", "nothing: what arrived belongs to the copy"),
                    Map.entry("copy-sequences", OVERWRITTEN),
                    Map.entry("copy-large-objects", OVERWRITTEN),
                    Map.entry("copy-unlogged", OVERWRITTEN),
                    Map.entry("refresh-materialized-views", OVERWRITTEN),
                    Map.entry("disable-forward", "lets the target follow again from where it was"),
                    Map.entry("release-slot", "never: it is past the commit point"),
                    Map.entry("drop-forward-link", "never: it is past the commit point"));

    /** The same for the way back with data, where undoing means that the target goes on serving. */
    static final Map<String, String> UNDO_RETURN =
            Map.ofEntries(
                    Map.entry(
                            "return-stop-writers",
                            "sets every writer back as captured and waits until they serve"),
                    Map.entry("fence-target", "lowers the target's fence"),
                    Map.entry(
                            "drain-reverse",
                            "nothing: what came to the source is what it is to hold"),
                    Map.entry(
                            "return-sequences",
                            "nothing: the source is fenced, and a next way back sets them anew"),
                    Map.entry("disable-reverse", "lets the source follow again from where it was"),
                    Map.entry("commit-return", "never: it is the commit point of the way back"),
                    Map.entry("close-target", PAST_RETURN),
                    Map.entry("return-endpoints", PAST_RETURN),
                    Map.entry("open-source", PAST_RETURN),
                    Map.entry("return-large-objects", PAST_RETURN),
                    Map.entry("return-unlogged", PAST_RETURN),
                    Map.entry("return-materialized-views", PAST_RETURN),
                    Map.entry("return-start-writers", PAST_RETURN),
                    Map.entry("drop-reverse-link", PAST_RETURN),
                    Map.entry("lower-target-fence", PAST_RETURN));

    private static final String KUBECONFIG =
            """
            apiVersion: v1
            kind: Config
            current-context: nowhere
            clusters: [{name: nowhere, cluster: {server: "https://127.0.0.1:9"}}]
            users: [{name: nobody, user: {}}]
            contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody, namespace: mastodon}}]
            """;

    private static final String DOCUMENT =
            """
            apiVersion: switchback.dev/v1alpha1
            kind: Migration
            metadata: {name: mastodon, namespace: mastodon}
            spec:
              strategy: offline
              source: {zalando: {cluster: mastodon-postgresql}}
              target: {cnpg: {cluster: database}}
              databases: [mastodon]
              writers: [deployment/mastodon-web]
              endpoints: {map: {mastodon-postgresql: database-rw}, in: [{configMap: mastodon-database}]}
            """;

    private final StringBuilder page = new StringBuilder();

    /** The runbooks of the code, in the order in which the page shows them. */
    record Runbooks(
            Runbook offline, Runbook online, Runbook withData, Runbook lossy, Runbook cleanup) {
        static Runbooks read(Path folder) throws IOException {
            Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), KUBECONFIG);
            Stage.Connect nowhere =
                    new Stage.Connect(Optional.of(kubeconfig), Optional.empty(), true);
            String online = DOCUMENT.replace("strategy: offline", "strategy: online");
            try (Stage stage = open(DOCUMENT, nowhere);
                    Stage following = open(online, nowhere)) {
                return new Runbooks(
                        stage.runbook(),
                        following.runbook(),
                        stage.wayBack(journal(Return.NAME, Status.RETURNING)),
                        stage.wayBack(journal(WayBack.NAME, Status.RETURNING)),
                        Cleanup.of(following.world(), journal("online", Status.COMPLETED), false));
            }
        }

        private static Stage open(String document, Stage.Connect nowhere) {
            return Stage.open(DocumentReader.parse("page", document), nowhere, event -> {});
        }

        private static JournalState journal(String runbook, Status status) {
            return new JournalState(
                    JournalState.API_VERSION,
                    "mastodon/mastodon",
                    "uid",
                    runbook,
                    1,
                    null,
                    1,
                    status,
                    List.<StepRecord>of(),
                    null,
                    List.of());
        }
    }

    static String of(Runbooks runbooks) {
        RunbooksPage writer = new RunbooksPage();
        writer.head();
        writer.offline(runbooks.offline());
        writer.online(runbooks.online());
        writer.wayBack(runbooks.withData(), runbooks.lossy());
        writer.cleanup(runbooks.cleanup());
        return writer.page.toString();
    }

    private void head() {
        say("# Runbooks");
        say("");
        say("<!-- Generated from the code by RunbooksDocTest. Do not edit: run");
        say("     ./mvnw -q -pl app -Dtest=RunbooksDocTest -Ddocs.update=true package -->");
        say("");
        paragraph(
                """
                The order lives in `runbook/Offline.java`, `runbook/Online.java`, `runbook/Return.java`,
                `runbook/WayBack.java` and `runbook/Cleanup.java`; each step is a file under `steps/`. `switchback plan` prints the same list
                for one migration, with the objects that would change. How a run uses these lists:
                [architecture.md](architecture.md); how online works: [online.md](online.md).

                *Undone at*: **release** – at any failure or timeout before the commit point, and at Ctrl-C or
                SIGTERM inside the downtime; newest first, and first of all what brings the service back. **abort** –
                kept for the next attempt, taken back by `switchback abort`. Ctrl-C or SIGTERM before the downtime
                undoes nothing: the run is resumable.

                A **guard** is watched from the end of one step until the end of another. When its condition breaks,
                or cannot be read three times in a row, the run puts everything back. Steps of a **scope** share
                something bound to a session: a run that resumes inside a scope undoes what was begun of it and starts
                the scope over, unless its last step is journalled as done. A **gate** stands before a step:
                `approval` where the document says `approve: true`, `cutover-time` with `cutover --at`, both before
                `stop-writers`. **Journal boundaries** are the journal writes of a runbook's steps: `intent`, `applied`
                and `done` of each step that acts, `done` of each step that only looks; `./switchback demo --kill-at
                each` kills the program at every one of them and starts it again.\
                """);
    }

    private void offline(Runbook runbook) {
        say("");
        say("## Offline");
        say("");
        say("Copies while the writers are stopped. Run by `switchback migrate`.");
        say("");
        steps(runbook, UNDO);
        say("");
        commitPoint(runbook);
        watched(runbook);
    }

    private void online(Runbook runbook) {
        say("");
        say("## Online");
        say("");
        paragraph(
                """
                Copies while the applications write, then follows them until they are stopped for seconds. Run by
                `switchback migrate`; `migrate --until sync` stops with the target following, `switchback cutover`
                goes on from there.\
                """);
        say("");
        Map<String, String> undo = new HashMap<>(UNDO);
        undo.putAll(UNDO_ONLINE);
        steps(runbook, undo);
        say("");
        commitPoint(runbook);
        say(
                "A cutover that was put back leaves the target following: the next try starts at `confirm-link`.");
        watched(runbook);
    }

    private void commitPoint(Runbook runbook) {
        say(
                "Commit point: `"
                        + runbook.commitPoint().orElseThrow()
                        + "`. Before it everything is put back to the source by itself; after it nothing is,");
        say("and only `switchback rollback` goes back.");
    }

    private void wayBack(Runbook withData, Runbook lossy) {
        say("");
        say("## The way back");
        say("");
        paragraph(
                """
                After the commit point, by `switchback rollback`: with data while the reverse link carries every
                write back, otherwise only with `--accept-data-loss`.\
                """);
        say("");
        say("### With data");
        say("");
        paragraph(
                """
                The cutover mirrored, for both strategies. Until its own commit point any failure, timeout, signal or
                `switchback rollback --stay` takes it back, and the target goes on serving; what is *release* here is
                that. After it the way back is only finished, by `switchback rollback`.\
                """);
        say("");
        steps(withData, UNDO_RETURN);
        say("");
        say(
                "Commit point of the way back: `"
                        + withData.commitPoint().orElseThrow()
                        + "`, one row on the source"
                        + " ([decision 0019](decisions/0019-the-way-backs-commit-point-is-a-row.md)).");
        watched(withData);
        say("");
        say("### With accepted loss");
        say("");
        paragraph(
                """
                By `switchback rollback --accept-data-loss`, where no reverse link streams or the rollback window was
                closed: what was written on the target since the switch stays there. It is resumed like any run, and
                is never taken back: it goes on until the source serves.\
                """);
        say("");
        say("| # | Step | What it does | Downtime |");
        say("|---|---|---|---|");
        int number = 0;
        for (Runbook.Entry entry : lossy.entries()) {
            Step step = entry.step();
            row(
                    String.valueOf(++number),
                    "`" + step.id() + "`",
                    step.title(),
                    step.inDowntime() ? "yes" : "");
        }
    }

    private void cleanup(Runbook runbook) {
        say("");
        say("## Cleanup");
        say("");
        paragraph(
                """
                By `switchback cleanup`, once the target has proven itself: [cleaning up](cleanup.md). Nothing of it is
                taken back. What fails before `drop-links` leaves the migration as it was; from there on it is only
                finished, by the same command. With `--delete-source`, `check-deletion` is looked at too,
                `restore-wal-level` is left out, and `delete-source` comes before `close-target-superuser`.\
                """);
        say("");
        say("| # | Phase | Step | What it does |");
        say("|---|---|---|---|");
        int number = 0;
        for (Runbook.Entry entry : runbook.entries()) {
            row(
                    String.valueOf(++number),
                    entry.phase().word(),
                    "`" + entry.step().id() + "`",
                    entry.step().title());
        }
        say("");
        int boundaries = runbook.entries().stream().mapToInt(e -> Stage.boundaries(e).size()).sum();
        say(boundaries + " journal boundaries where no last backup is taken.");
    }

    private void steps(Runbook runbook, Map<String, String> undo) {
        say("| # | Phase | Step | What it does | Downtime | Undone at | Undo |");
        say("|---|---|---|---|---|---|---|");
        int number = 0;
        for (Runbook.Entry entry : runbook.entries()) {
            Step step = entry.step();
            boolean commit = runbook.commitPoint().filter(step.id()::equals).isPresent();
            row(
                    String.valueOf(++number),
                    entry.phase().word(),
                    "`" + step.id() + "`",
                    commit ? "**" + step.title() + "**" : step.title(),
                    step.inDowntime() ? "yes" : "",
                    undoneAt(step),
                    mayAct(step) ? undo.getOrDefault(step.id(), "?") : "only looks");
        }
    }

    /** Guards, scopes and boundaries: what they are is said once, at the top of the page. */
    private void watched(Runbook runbook) {
        say("");
        say("| Guard | From the end of | Until the end of | Looks every |");
        say("|---|---|---|---|");
        for (Guard guard : runbook.guards()) {
            row(
                    "`" + guard.id() + "`",
                    "`" + guard.from() + "`",
                    "`" + guard.until() + "`",
                    every(guard.every()));
        }
        say("");
        if (!runbook.scopes().isEmpty()) {
            say("| Scope | Steps |");
            say("|---|---|");
            for (Scope scope : runbook.scopes()) {
                row("`" + scope.id() + "`", "`" + String.join("`, `", scope.steps()) + "`");
            }
            say("");
        }
        int boundaries = runbook.entries().stream().mapToInt(e -> Stage.boundaries(e).size()).sum();
        say(boundaries + " journal boundaries.");
    }

    private static String every(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private void row(String... cells) {
        say("| " + String.join(" | ", cells) + " |");
    }

    private void paragraph(String text) {
        say(text.stripTrailing());
    }

    /** A backup is taken at one of two places, as the document says; the page shows both. */
    private static boolean mayAct(Step step) {
        return step.acts() || step instanceof TakeBackup;
    }

    private static String undoneAt(Step step) {
        if (!mayAct(step)) {
            return "";
        }
        return switch (step.undoAt()) {
            case UndoAt.RELEASE_FIRST -> "release, first";
            case UndoAt.RELEASE -> "release";
            case UndoAt.ABORT -> "abort";
            case UndoAt.NEVER -> "";
        };
    }

    /** What the runbook undoes must have words, and nothing else may have. */
    static List<String> acting(Runbook runbook) {
        return runbook.entries().stream()
                .map(Runbook.Entry::step)
                .filter(RunbooksPage::mayAct)
                .map(Step::id)
                .toList();
    }

    private void say(String line) {
        page.append(line).append('\n');
    }
}
