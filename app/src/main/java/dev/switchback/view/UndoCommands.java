package dev.switchback.view;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Sql;
import dev.switchback.spec.EndpointFile;
import dev.switchback.spec.Migration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Plain kubectl and psql commands that undo what the journal says was done, in the order to run
 * them: for the night when our own program is broken. No secret is printed; captured values are
 * read from our Secret by the commands themselves.
 */
public final class UndoCommands {
    /**
     * A reader would keep a trigger from being dropped; it is ended, as the program itself does.
     */
    private static final String TRIGGERS =
            """
            SET lock_timeout = '500ms';
            DO $$ DECLARE t regclass; BEGIN
              FOR t IN SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = '%1$s' AND tgparentid = 0 LOOP
                FOR attempt IN 1..60 LOOP
                  BEGIN
                    EXECUTE format('DROP TRIGGER IF EXISTS %1$s ON %%s', t);
                    EXIT;
                  EXCEPTION WHEN lock_not_available THEN
                    PERFORM pg_terminate_backend(pid) FROM pg_locks
                      WHERE relation = t AND granted AND pid <> pg_backend_pid();
                  END;
                END LOOP;
              END LOOP;
            END $$;
            """
                    .formatted(Ours.FENCE_TRIGGER);

    private final Migration migration;
    private final JournalState state;
    private final List<String> lines = new ArrayList<>();

    private UndoCommands(Migration migration, JournalState state) {
        this.migration = migration;
        this.state = state;
    }

    public static List<String> of(Migration migration, JournalState state) {
        return new UndoCommands(migration, state).all();
    }

    private List<String> all() {
        say(
                "# undoing "
                        + migration.display()
                        + ", attempt "
                        + state.attempt()
                        + ", journal status "
                        + state.status()
                        + "; stop at the first that fails (bash -e)");
        if (captured("stop-writers").isEmpty()
                && captured("fence-source").isEmpty()
                && captured("switch-endpoints").isEmpty()) {
            say(
                    "# the service was not touched; 'switchback abort' removes what was prepared on the target");
        }
        if (ReportWriter.liveSide(state).equals("target")) {
            say(
                    "# WARNING: the target serves. Going back loses every write made there since the switch.");
            say("# First stop the writers and close the target:");
            migration.writers().forEach(w -> say(stop(w)));
            closeTarget();
        }
        captured("switch-endpoints").ifPresent(this::endpoints);
        captured("switch-endpoints").ifPresent(this::files);
        captured("fence-source").ifPresent(this::fence);
        captured("stop-writers").ifPresent(this::writers);
        captured("copy-database-grants")
                .ifPresent(grants -> lines.addAll(GrantsUndo.of(migration, grants)));
        lines.addAll(BackupUndo.of(migration, state));
        captured("enable-target-superuser").ifPresent(this::superuser);
        return lines;
    }

    private void endpoints(Facts captured) {
        say("# endpoints: the exact old values");
        for (String id : captured.values().keySet()) {
            String[] place = id.split("/", 4);
            if (place.length < 4 || id.contains(":")) {
                continue; // files and writers
            }
            String stored =
                    ("a" + state.attempt() + "." + id.replace('/', '.'))
                            .replaceAll("[^A-Za-z0-9._-]", ".");
            boolean secret = place[0].equals("Secret");
            // quoted by the template: were the read to fail, the patch would be no JSON and refused
            say(
                    "v=$(kubectl -n "
                            + migration.namespace()
                            + " get secret switchback-"
                            + migration.name()
                            + "-captured -o go-template='{{index .data \""
                            + stored
                            + "\" | "
                            + (secret ? "" : "base64decode | ")
                            + "printf \"%q\"}}')");
            say(
                    "kubectl -n "
                            + place[1]
                            + " patch "
                            + place[0].toLowerCase(java.util.Locale.ROOT)
                            + " "
                            + place[2]
                            + " --type merge -p \"{\\\"data\\\":{\\\""
                            + place[3]
                            + "\\\":$v}}\"");
        }
    }

    private void files(Facts captured) {
        List<EndpointFile> edited =
                migration.endpoints().files().stream()
                        .filter(f -> captured.get("bytes:" + f.path()).isPresent())
                        .toList();
        if (edited.isEmpty()) {
            return;
        }
        say(
                "# files under Git: the exact old bytes; look first whether somebody changed them since");
        Set<List<String>> commands = new LinkedHashSet<>();
        for (EndpointFile file : edited) {
            String[] kept = captured.require("bytes:" + file.path()).split(" ", 3);
            String path = quoted(file.file().toString());
            say("# ours is " + kept[1]);
            say("sha256sum " + path);
            say(
                    "v=$(kubectl -n "
                            + migration.namespace()
                            + " get secret switchback-"
                            + migration.name()
                            + "-captured -o go-template='{{index .data \""
                            + kept[2].replaceAll("[^A-Za-z0-9._-]", ".")
                            + "\" | base64decode}}')");
            say("printf %s \"$v\" | base64 -d > " + path);
            if (file.merged()) {
                say("# commit and push " + file.path() + ", and wait until it is applied");
            } else {
                commands.add(file.apply());
            }
        }
        String folder = quoted(edited.getFirst().folder().toString());
        for (List<String> command : commands) {
            say(
                    "(cd "
                            + folder
                            + " && "
                            + String.join(" ", command.stream().map(UndoCommands::quoted).toList())
                            + ")");
        }
    }

    /** As one word of a shell. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+-]+")
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }

    private void fence(Facts captured) {
        say(
                "# fence on the source: event trigger first, then the table triggers, then what was recorded");
        for (String key : captured.values().keySet()) {
            if (!key.startsWith("readOnly/")) {
                continue;
            }
            String database = key.substring("readOnly/".length());
            String before = captured.values().getOrDefault(key, "default");
            say(
                    psql(
                            migration.source().namespace(),
                            migration.source().cluster() + "-0",
                            database));
            say("SET default_transaction_read_only = off;");
            say("DROP EVENT TRIGGER IF EXISTS " + Ours.FENCE_EVENT_TRIGGER + ";");
            TRIGGERS.lines().forEach(this::say);
            say("DROP SCHEMA IF EXISTS " + Ours.SCHEMA + " CASCADE;");
            say(
                    "ALTER DATABASE "
                            + Sql.identifier(database)
                            + (before.equals("default")
                                    ? " RESET default_transaction_read_only;"
                                    : " SET default_transaction_read_only = "
                                            + Sql.literal(before)
                                            + ";"));
            say(
                    "-- large-object functions were granted to: "
                            + captured.get("largeObjectGrants/" + database).orElse("PUBLIC"));
            say(
                    "GRANT EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea), lo_put(oid, bigint, bytea),");
            say(
                    "  lowrite(integer, bytea), lo_truncate(integer, integer), lo_truncate64(integer, bigint), lo_unlink(oid) TO PUBLIC;");
            say("SQL");
        }
    }

    private void writers(Facts captured) {
        say("# writers, as they were");
        captured.values().forEach((writer, setting) -> say(start(writer, setting)));
    }

    private void superuser(Facts captured) {
        String before = captured.get("enableSuperuserAccess").orElse("");
        say(
                "# the service is back. 'switchback abort' takes back what was prepared on the target and");
        say("# needs superuser access there; without it, this sets it as it was:");
        say(
                "#   kubectl -n "
                        + migration.target().namespace()
                        + " patch clusters.postgresql.cnpg.io "
                        + migration.target().cluster()
                        + " --type merge -p '{\"spec\":{\"enableSuperuserAccess\":"
                        + (before.isEmpty() ? "null" : before)
                        + "}}'");
    }

    private void closeTarget() {
        String roles =
                state.step("open-target")
                        .map(StepRecord::evidence)
                        .flatMap(f -> f.get("roles"))
                        .orElse("");
        say(psql(migration.target().namespace(), migration.target().cluster() + "-1", "postgres"));
        for (String role : roles.split(",")) {
            if (!role.isEmpty()) {
                say("ALTER ROLE " + Sql.identifier(role) + " NOLOGIN;");
                say(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = "
                                + Sql.literal(role)
                                + ";");
            }
        }
        say("SQL");
    }

    private static String psql(String namespace, String pod, String database) {
        return "kubectl -n "
                + namespace
                + " exec -i "
                + pod
                + " -c postgres -- psql -U postgres -d "
                + database
                + " -v ON_ERROR_STOP=1 <<'SQL'   # on the primary's pod";
    }

    private String stop(Migration.WriterRef writer) {
        return writer.kind() == Migration.WriterRef.Kind.CRONJOB
                ? start(writer.toString(), "suspended")
                : start(writer.toString(), "0");
    }

    private String start(String writer, String setting) {
        return switch (setting) {
            case "suspended", "active" ->
                    "kubectl -n "
                            + migration.namespace()
                            + " patch "
                            + writer
                            + " --type merge -p '{\"spec\":{\"suspend\":"
                            + setting.equals("suspended")
                            + "}}'";
            default ->
                    "kubectl -n "
                            + migration.namespace()
                            + " scale "
                            + writer
                            + " --replicas="
                            + setting;
        };
    }

    private Optional<Facts> captured(String step) {
        return state.step(step)
                .filter(s -> s.state() != StepState.UNDONE && !s.found())
                .map(StepRecord::captured)
                .filter(f -> !f.values().isEmpty());
    }

    private void say(String line) {
        lines.add(line);
    }
}
