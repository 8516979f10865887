package dev.switchback.diagnose;

import static dev.switchback.diagnose.Certainty.CERTAIN;
import static dev.switchback.diagnose.Certainty.LIKELY;
import static dev.switchback.diagnose.Certainty.POSSIBLE;
import static dev.switchback.diagnose.Symptom.DATA;

import dev.switchback.diagnose.Cause.Because;
import java.util.List;
import java.util.stream.Stream;

/** Why data is missing, double or inconsistent; the guide's Issue 4. */
final class DataCauses {
    private DataCauses() {}

    static final List<Cause> ALL =
            List.of(
                    new Cause(
                            "sequence-behind",
                            DATA,
                            CERTAIN,
                            "A sequence stands behind its column: it gives out keys that rows already have.",
                            e -> what(e, Topic.SEQUENCE)),
                    new Cause(
                            "late-writer",
                            DATA,
                            CERTAIN,
                            "Rows of the source changed after its fence was raised: what was written there is not on the"
                                    + " target.",
                            e ->
                                    e.of(Topic.FENCE)
                                            .filter(f -> f.is("reverseLink", "false"))
                                            .filter(f -> f.has("rowChangesAtFence"))
                                            .filter(f ->
                                                    f.number("rowChanges", 0)
                                                            > f.number("rowChangesAtFence", 0))
                                            .map(f ->
                                                    new Because(
                                                            f.object(),
                                                            "row changes counted at the fence "
                                                                    + f.text("rowChangesAtFence")
                                                                    + ", now "
                                                                    + f.text("rowChanges")
                                                                    + ", sessions of applications "
                                                                    + f.text("applicationSessions"),
                                                            "find who: "
                                                                    + Commands.psql(
                                                                            e,
                                                                            "source",
                                                                            f.text("database"),
                                                                            "SELECT usename, application_name, client_addr FROM pg_stat_activity WHERE datname = current_database()")
                                                                    + "; carry the rows over by hand, see: switchback validate"))),
                    new Cause(
                            "fence-open",
                            DATA,
                            CERTAIN,
                            "The target serves, and the source's fence does not stand: both can be written.",
                            e ->
                                    RestoreCauses.after(e)
                                            .flatMap(x -> x.of(Topic.FENCE))
                                            .filter(f -> f.is("stands", "false"))
                                            .map(f ->
                                                    new Because(
                                                            f.object(),
                                                            "the fence's event trigger is gone or disabled",
                                                            "stop what still uses the source, then: switchback validate"))),
                    new Cause(
                            "rows-missing",
                            DATA,
                            LIKELY,
                            "The target has fewer rows than the source, and its counters do not know them as deleted.",
                            e ->
                                    e.of(Topic.ROWS)
                                            .filter(r -> r.has("table"))
                                            .map(r ->
                                                    new Because(
                                                            r.object(),
                                                            r.text("source")
                                                                    + " rows on the source, "
                                                                    + r.text("target")
                                                                    + " on the target, "
                                                                    + r.text("deletedOnTarget")
                                                                    + " deleted there since the copy",
                                                            "switchback validate names the rows; copy them over, or decide for: switchback rollback"))),
                    new Cause(
                            "reference-orphans",
                            DATA,
                            CERTAIN,
                            "Rows of the target refer to rows that are not there.",
                            e -> what(e, Topic.REFERENCE)),
                    new Cause(
                            "link-conflict",
                            DATA,
                            CERTAIN,
                            "The reverse link does not carry every write back to the source: going back would lose them.",
                            e ->
                                    e.of(Topic.LINK)
                                            .filter(l -> l.is("state", "broken"))
                                            .map(l ->
                                                    new Because(
                                                            "the reverse link",
                                                            l.text("reason"),
                                                            "read the source's PostgreSQL log for the row, mend it there; or give the way back up: switchback close-rollback"))),
                    new Cause(
                            "content-differed",
                            DATA,
                            CERTAIN,
                            "The rows were not equal at the switch: the run itself found it.",
                            Signs.failed(
                                    "switchback report names the tables; mend them on the target or decide for: switchback rollback",
                                    "SB-420",
                                    "SB-422",
                                    "SB-423",
                                    "SB-425")),
                    new Cause(
                            "materialized-view-empty",
                            DATA,
                            CERTAIN,
                            "A materialized view that held rows on the source holds none on the target: reading it fails.",
                            e ->
                                    e.of(Topic.MATERIALIZED_VIEW)
                                            .filter(v -> v.is("onSource", "true"))
                                            .map(v ->
                                                    new Because(
                                                            v.text("view"),
                                                            "is not populated",
                                                            Commands.psql(
                                                                    e,
                                                                    "target",
                                                                    v.text("database"),
                                                                    "REFRESH MATERIALIZED VIEW "
                                                                            + v.text("view"))))),
                    new Cause(
                            "collation-changed",
                            DATA,
                            LIKELY,
                            "Indexes over texts were built under other sorting rules than the server has now: they miss"
                                    + " rows that are there.",
                            e -> RestoreCauses.after(e).flatMap(x -> collation(x, "target"))),
                    new Cause(
                            "target-corrupt",
                            DATA,
                            LIKELY,
                            "PostgreSQL cannot read a page or a value of the target.",
                            Signs.log(
                                    "corrupt",
                                    List.of("target"),
                                    "restore the table from a backup, or fail over to a standby that can read it")),
                    new Cause(
                            "content-not-proven",
                            DATA,
                            POSSIBLE,
                            "The rows were never compared whole: a difference may be there that nobody looked for.",
                            Signs.failed("switchback validate", "SB-421", "SB-428")));

    /** Findings of the validation. */
    private static Stream<Because> what(Evidence evidence, Topic topic) {
        return evidence.of(topic)
                .filter(s -> s.has("what"))
                .map(s -> new Because(s.object(), s.text("what"), s.text("remedy")));
    }

    static Stream<Because> collation(Evidence evidence, String side) {
        return evidence.of(Topic.COLLATION)
                .filter(c -> c.is("side", side))
                .map(c ->
                        new Because(
                                c.object(),
                                "recorded version "
                                        + c.text("recorded")
                                        + ", the library has "
                                        + c.text("actual"),
                                Commands.psql(
                                                evidence,
                                                side,
                                                c.text("database"),
                                                "REINDEX DATABASE "
                                                        + Commands.identifier(c.text("database")))
                                        + ", then ALTER DATABASE … REFRESH COLLATION VERSION"));
    }
}
