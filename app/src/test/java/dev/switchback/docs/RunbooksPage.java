package dev.switchback.docs;

import dev.switchback.engine.Guard;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Scope;
import dev.switchback.engine.Step;
import dev.switchback.engine.UndoAt;
import dev.switchback.runbook.Stage;
import dev.switchback.spec.DocumentReader;
import dev.switchback.steps.backup.TakeBackup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes docs/runbooks.md from the step lists of the code. A stage is opened on an API server that
 * does not exist: making steps reads nothing, and if that ever changes, this fails.
 */
final class RunbooksPage {
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
                    Map.entry("copy-tables", "nothing of its own: goes with `create-schema`"),
                    Map.entry("build-indexes", "nothing of its own: goes with `create-schema`"),
                    Map.entry("copy-sequences", "nothing of its own: goes with `create-schema`"),
                    Map.entry(
                            "copy-large-objects", "nothing of its own: goes with `create-schema`"),
                    Map.entry("analyze-target", "nothing of its own: goes with `create-schema`"),
                    Map.entry("switch-endpoints", "puts the exact old values back"),
                    Map.entry(
                            "create-reverse-link",
                            "takes the reverse link away, with its slot, publication and role"),
                    Map.entry("set-replica-identity", "gives the tables the identity they had"),
                    Map.entry("pin-snapshots", "lets the snapshots go"),
                    Map.entry("open-target", "never: it is the commit point"),
                    Map.entry("start-writers", "never: it is past the commit point"));

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
    record Runbooks(Runbook offline, Runbook wayBack) {
        static Runbooks read(Path folder) throws IOException {
            Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), KUBECONFIG);
            Stage.Connect nowhere =
                    new Stage.Connect(Optional.of(kubeconfig), Optional.empty(), true);
            try (Stage stage =
                    Stage.open(DocumentReader.parse("page", DOCUMENT), nowhere, event -> {})) {
                return new Runbooks(stage.offline(), stage.wayBack(committed()));
            }
        }

        private static JournalState committed() {
            return new JournalState(
                    JournalState.API_VERSION,
                    "mastodon/mastodon",
                    "uid",
                    "offline",
                    1,
                    null,
                    1,
                    Status.COMMITTED,
                    List.<StepRecord>of(),
                    null,
                    List.of());
        }
    }

    static String of(Runbooks runbooks) {
        RunbooksPage writer = new RunbooksPage();
        writer.head();
        writer.offline(runbooks.offline());
        writer.wayBack(runbooks.wayBack());
        return writer.page.toString();
    }

    private void head() {
        say("# Runbooks");
        say("");
        say("<!-- Generated from the code by RunbooksDocTest. Do not edit: run");
        say("     ./mvnw -q -pl app -Dtest=RunbooksDocTest -Ddocs.update=true package -->");
        say("");
        say(
                "The order lives in `runbook/Offline.java` and `runbook/WayBack.java`; each step is the file of");
        say(
                "the same name under `steps/`. `switchback plan` prints the same list for one migration, with");
        say(
                "the objects that would change. How a run uses these lists: [architecture.md](architecture.md).");
        say("");
        say(
                "*Undone at*: **release** – at any failure or timeout before the commit point, and at Ctrl-C or");
        say(
                "SIGTERM inside the downtime; newest first, and first of all what brings the service back. **abort** –");
        say(
                "kept for the next attempt, taken back by `switchback abort`. Ctrl-C or SIGTERM before the downtime");
        say("undoes nothing: the run is resumable.");
    }

    private void offline(Runbook runbook) {
        say("");
        say("## Offline");
        say("");
        say("Copies while the writers are stopped. Run by `switchback migrate`.");
        say("");
        say("| # | Phase | Step | What it does | Downtime | Undone at | Undo |");
        say("|---|---|---|---|---|---|---|");
        int number = 0;
        for (Runbook.Entry entry : runbook.entries()) {
            Step step = entry.step();
            boolean commit = runbook.commitPoint().filter(step.id()::equals).isPresent();
            say(
                    "| "
                            + ++number
                            + " | "
                            + entry.phase().word()
                            + " | `"
                            + step.id()
                            + "` | "
                            + (commit ? "**" + step.title() + "**" : step.title())
                            + " | "
                            + (step.inDowntime() ? "yes" : "")
                            + " | "
                            + undoneAt(step)
                            + " | "
                            + (mayAct(step) ? UNDO.getOrDefault(step.id(), "?") : "only looks")
                            + " |");
        }
        say("");
        say("### Commit point");
        say("");
        say(
                "`"
                        + runbook.commitPoint().orElseThrow()
                        + "`. Before it everything is put back to the source by itself; after it nothing is, and");
        say("only `switchback rollback` goes back.");
        say("");
        say("### Guards");
        say("");
        say(
                "A guard is watched from the end of one step until the end of another. When its condition breaks,");
        say("or cannot be read three times in a row, the run puts everything back.");
        say("");
        say("| Guard | From the end of | Until the end of | Looks every |");
        say("|---|---|---|---|");
        for (Guard guard : runbook.guards()) {
            say(
                    "| `"
                            + guard.id()
                            + "` | `"
                            + guard.from()
                            + "` | `"
                            + guard.until()
                            + "` | "
                            + guard.every().toSeconds()
                            + " s |");
        }
        say("");
        say("### Scopes");
        say("");
        say(
                "Steps that share something bound to a session. A run that resumes inside a scope undoes what was");
        say("begun of it and starts the scope over, unless its last step is journalled as done.");
        say("");
        say("| Scope | Steps |");
        say("|---|---|");
        for (Scope scope : runbook.scopes()) {
            say("| `" + scope.id() + "` | `" + String.join("`, `", scope.steps()) + "` |");
        }
        say("");
        say("### Gates");
        say("");
        say(
                runbook.gates().isEmpty()
                        ? "None in this version."
                        : String.join(
                                ", ",
                                runbook.gates().stream().map(g -> "`" + g.id() + "`").toList()));
        say("");
        say("### Journal boundaries");
        say("");
        int boundaries = runbook.entries().stream().mapToInt(e -> Stage.boundaries(e).size()).sum();
        say(
                boundaries
                        + " journal writes of this runbook's steps: `intent`, `applied` and `done` of each step that");
        say(
                "acts, `done` of each step that only looks. `./switchback demo --kill-at each` kills the program at");
        say("every one of them and starts it again.");
    }

    private void wayBack(Runbook runbook) {
        say("");
        say("## The way back");
        say("");
        say(
                "After the commit point, by `switchback rollback --accept-data-loss`. There is no reverse link in");
        say(
                "this version: what was written on the target since the switch stays there. It is resumed like any");
        say("run, and is never released: it goes on until the source serves.");
        say("");
        say("| # | Step | What it does | Downtime |");
        say("|---|---|---|---|");
        int number = 0;
        for (Runbook.Entry entry : runbook.entries()) {
            Step step = entry.step();
            say(
                    "| "
                            + ++number
                            + " | `"
                            + step.id()
                            + "` | "
                            + step.title()
                            + " | "
                            + (step.inDowntime() ? "yes" : "")
                            + " |");
        }
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
