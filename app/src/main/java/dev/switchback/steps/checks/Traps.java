package dev.switchback.steps.checks;

import static dev.switchback.steps.checks.Trap.Place.CRON;
import static dev.switchback.steps.checks.Trap.Place.EACH_DATABASE;
import static dev.switchback.steps.checks.Trap.Place.SERVER;
import static dev.switchback.steps.checks.Trap.blocks;
import static dev.switchback.steps.checks.Trap.warns;

import dev.switchback.fault.Code;
import java.util.List;

/** What {@link CheckData} looks for on the source. */
final class Traps {
    static final List<Trap> ALL =
            List.of(
                    blocks(
                            "invalid-indexes",
                            EACH_DATABASE,
                            Code.INDEX_INVALID,
                            "pg_dump leaves an invalid index out: the target would lack it, and with it"
                                    + " the rule or the speed that it was meant to give",
                            "on the source REINDEX INDEX CONCURRENTLY {object}, or DROP INDEX {object}"),
                    warns(
                            "constraints-not-valid",
                            EACH_DATABASE,
                            Code.CONSTRAINT_NOT_VALID,
                            "rows older than the constraint were never checked; it arrives NOT VALID too",
                            "ALTER TABLE {object} VALIDATE CONSTRAINT …, before or after the migration"),
                    blocks(
                            "depends-on-excluded",
                            EACH_DATABASE,
                            Code.DEPENDS_ON_EXCLUDED,
                            "it cannot be created on the target, where what it needs is not: restoring"
                                    + " the schema would fail",
                            "drop {object} on the source, or define it without the operator's objects"),
                    blocks(
                            "data-in-excluded-schemas",
                            EACH_DATABASE,
                            Code.DEPENDS_ON_EXCLUDED,
                            "schemas of Spilo and its operator are not copied, and this is not theirs",
                            "ALTER … {object} SET SCHEMA to one of the application's, or accept its loss"),
                    warns(
                            "foreign-servers",
                            EACH_DATABASE,
                            Code.NEEDS_ATTENTION,
                            "it is carried as it is; from the target's pods it may not be reachable",
                            "see that the network lets the target reach {object}"),
                    warns(
                            "event-triggers",
                            EACH_DATABASE,
                            Code.NEEDS_ATTENTION,
                            "it runs inside every DDL of the migration on the source, and is carried",
                            "ALTER EVENT TRIGGER {object} DISABLE until the migration is over, unless it is harmless"),
                    warns(
                            "always-triggers",
                            EACH_DATABASE,
                            Code.NEEDS_ATTENTION,
                            "it fires even where ordinary triggers are kept silent for a load",
                            "make sure that {object} may be written to without side effects, or make the trigger ORIGIN"),
                    blocks(
                            "c-functions",
                            EACH_DATABASE,
                            Code.NEEDS_ATTENTION,
                            "creating it on the target fails when its library is not in the image",
                            "DROP FUNCTION {object} on the source, or build an image with the library"),
                    warns(
                            "untrusted-functions",
                            EACH_DATABASE,
                            Code.NEEDS_ATTENTION,
                            "it may read files or start programs that the target's image does not have",
                            "try {object} on a server of the target's image"),
                    blocks(
                            "tablespaces",
                            EACH_DATABASE,
                            Code.NEEDS_ATTENTION,
                            "creating its tables on the target would fail",
                            "declare {object} in spec.tablespaces of the Cluster, or move the tables to pg_default"),
                    warns(
                            "sequences-nearly-spent",
                            EACH_DATABASE,
                            Code.NEARLY_SPENT,
                            "once it is spent every INSERT fails, on the target as here",
                            "ALTER the column behind {object} to bigint"),
                    warns(
                            "subscriptions",
                            EACH_DATABASE,
                            Code.NOT_CARRIED,
                            "after the migration nobody receives those changes any more",
                            "plan how the target subscribes to what {object} received"),
                    blocks(
                            "unsafe-encoding",
                            EACH_DATABASE,
                            Code.ENCODING_UNSAFE,
                            "what is no valid text in the target's encoding stops the copy at its row",
                            "find out which encoding the texts are in and convert them, or accept it for a target of"
                                    + " the same encoding"),
                    blocks(
                            "logical-slots",
                            SERVER,
                            Code.NOT_CARRIED,
                            "its reader gets nothing more once the applications write to the target, and nobody tells it",
                            "plan the reader's move, then accept this; or drop it: SELECT"
                                    + " pg_drop_replication_slot('{object}')"),
                    warns(
                            "long-transactions",
                            SERVER,
                            Code.LONG_TRANSACTION,
                            "the fence ends it, and its work is rolled back",
                            "let it end, or end it, before the cutover"),
                    warns(
                            "wraparound",
                            SERVER,
                            Code.NEARLY_SPENT,
                            "at 2 billion the source stops accepting writes; a snapshot held for long brings it nearer",
                            "VACUUM (FREEZE) the oldest tables of {object} first"),
                    warns(
                            "tables-in-postgres",
                            SERVER,
                            Code.NOT_CARRIED,
                            "database postgres belongs to each cluster's operator and is not copied",
                            "name postgres in spec.databases, or move the table into the application's database"),
                    blocks(
                            "cron-jobs",
                            CRON,
                            Code.NOT_CARRIED,
                            "pg_cron stays behind: the job no longer runs for the application, and until the fence"
                                    + " stands it may still write",
                            "make it a CronJob in Kubernetes and accept this, or unschedule it: SELECT cron.unschedule(…)"));

    private Traps() {}
}
