package dev.switchback.view;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Backup;
import dev.switchback.spec.Migration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What to do by hand about a backup: a finished one stays, an unfinished one is removed. */
final class BackupUndo {
    private static final String UPLOAD = "upload/";

    private BackupUndo() {}

    static List<String> of(Migration migration, JournalState state) {
        List<String> lines = new ArrayList<>();
        for (String step : List.of("take-final-backup", "take-safety-backup")) {
            state.step(step)
                    .filter(r -> r.state() != StepState.UNDONE && !r.found())
                    .ifPresent(record -> lines.addAll(of(migration, state, record)));
        }
        return lines;
    }

    private static List<String> of(Migration migration, JournalState state, StepRecord record) {
        if (record.state() == StepState.DONE) {
            return List.of(
                    "# the safety backup stays: "
                            + record.evidence().get("location").orElse("(not journalled where)"));
        }
        List<String> lines = new ArrayList<>();
        lines.add("# a safety backup was begun and not finished: what it left");
        Optional<Backup.Destination> to = migration.backup().flatMap(Backup::to);
        String name = record.captured().get("name").orElse("");
        if (to.isPresent() && !name.isEmpty()) {
            lines.addAll(
                    switch (to.get()) {
                        case Backup.Folder(String path) ->
                                List.of("rm -rf -- " + quoted(path + "/" + name + ".unfinished"));
                        case Backup.Bucket bucket -> uploads(bucket, name, record.evidence());
                    });
        }
        lines.add(
                "kubectl -n "
                        + migration.target().namespace()
                        + " exec -i "
                        + migration.target().cluster()
                        + "-1 -c postgres -- psql -U postgres -d postgres -v ON_ERROR_STOP=1 <<'SQL'   # on the primary's pod");
        lines.add(
                "DROP DATABASE IF EXISTS "
                        + Sql.identifier(scratch(state.uid()))
                        + " WITH (FORCE);");
        lines.add("SQL");
        return lines;
    }

    /** As the step derives it. */
    private static String scratch(String uid) {
        String digits = uid.replace("-", "");
        return "switchback_proof_" + digits.substring(0, Math.min(12, digits.length()));
    }

    private static List<String> uploads(Backup.Bucket bucket, String name, Facts evidence) {
        String prefix = bucket.prefix().isEmpty() ? "" : bucket.prefix() + "/";
        List<String> lines = new ArrayList<>();
        // an upload can be begun and its id not journalled yet
        lines.add(
                "# uploads that are left, if any: aws s3api list-multipart-uploads --bucket "
                        + quoted(bucket.bucket())
                        + bucket.endpoint().map(e -> " --endpoint-url " + e).orElse("")
                        + " --prefix "
                        + quoted(prefix + name + "/"));
        evidence.values()
                .forEach((key, upload) -> {
                    if (key.startsWith(UPLOAD)) {
                        String archive = key.substring(UPLOAD.length());
                        lines.add(
                                "aws s3api abort-multipart-upload --bucket "
                                        + quoted(bucket.bucket())
                                        + bucket.endpoint()
                                                .map(e -> " --endpoint-url " + e)
                                                .orElse("")
                                        + " --key "
                                        + quoted(prefix + name + "/" + archive)
                                        + " --upload-id "
                                        + quoted(upload)
                                        + " || true   # completed or gone already");
                    }
                });
        return lines;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
