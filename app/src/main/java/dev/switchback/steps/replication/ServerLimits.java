package dev.switchback.steps.replication;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.steps.replication.ReplicationLimits.Use;
import java.util.function.Consumer;

/**
 * Weighs one side's limits against the links to come. On the way forward the source publishes and
 * the target subscribes; on the way back it is the other way round. What forward lacks fails; what
 * only the way back lacks blocks until the document accepts to have none.
 *
 * @param display of the cluster
 * @param resource kind for kubectl
 */
record ServerLimits(String display, String resource, String namespace, String name, Side side) {

    /** Which of the two. */
    enum Side {
        SOURCE,
        TARGET
    }

    /** One slot or sender more for what somebody starts meanwhile: a base backup, a new replica. */
    private static final int RESERVE = 2;

    private static final String ONE_EACH = "one a database";

    static ServerLimits source(World world) {
        return new ServerLimits(
                world.source().display(),
                "postgresql",
                world.source().namespace(),
                world.source().name(),
                Side.SOURCE);
    }

    static ServerLimits target(World world) {
        return new ServerLimits(
                world.target().display(),
                "cluster",
                world.target().namespace(),
                world.migration().target().cluster(),
                Side.TARGET);
    }

    void look(ReplicationLimits limits, int links, Findings findings) {
        boolean source = side == Side.SOURCE;
        String word = source ? "source" : "target";
        findings.saw(word + ".walLevel", limits.walLevel());
        findings.saw(word + ".slots", text(limits.slots()));
        findings.saw(word + ".senders", text(limits.senders()));
        findings.saw(word + ".logicalWorkers", text(limits.workers()));
        findings.saw(word + ".workerProcesses", text(limits.processes()));
        findings.saw(word + ".origins", text(limits.origins()));
        if (!limits.walLevel().equals(CheckLogicalWal.LOGICAL)) {
            if (source) {
                findings.warn(CheckLogicalWal.restart(display, limits.walLevel()));
            } else {
                findings.block(noWayBack(limits.walLevel()));
            }
        }
        Consumer<Problem> publishing = source ? findings::fail : findings::block;
        Consumer<Problem> receiving = source ? findings::block : findings::fail;
        weigh("max_replication_slots", "replication slots", limits.slots(), links, publishing);
        weigh("max_wal_senders", "WAL senders", limits.senders(), links, publishing);
        weigh(
                "max_logical_replication_workers",
                "logical replication workers",
                limits.workers(),
                links,
                receiving);
        weigh("max_worker_processes", "worker processes", limits.processes(), links, receiving);
        weigh(limits.originsSetting(), "replication origins", limits.origins(), links, receiving);
        if (source && limits.synchronousStandbys().contains("*")) {
            findings.warn(
                    new Problem(
                            Code.REPLICATION_LIMITS,
                            display,
                            "synchronous_standby_names is '"
                                    + limits.synchronousStandbys()
                                    + "': the link's sender may be chosen as the synchronous standby",
                            "name the members in synchronous_standby_names until the migration is over",
                            "commits would wait for the target, and not for the replica that protects"
                                    + " them"));
        }
    }

    private static String text(Use use) {
        return use.used() + " of " + use.allowed() + " in use by others";
    }

    private void weigh(
            String setting, String things, Use use, int links, Consumer<Problem> verdict) {
        if (use.fits(links)) {
            return;
        }
        verdict.accept(
                new Problem(
                        Code.REPLICATION_LIMITS,
                        display + " " + things,
                        setting
                                + " is "
                                + use.allowed()
                                + ", "
                                + use.used()
                                + " in use; needed are "
                                + links
                                + " more, "
                                + ONE_EACH,
                        set(setting, String.valueOf(use.used() + links + RESERVE))
                                + " (the operator restarts every member)",
                        verdictIsForward(things)
                                ? "without it the link is not made or stands still"
                                : "without it there is no way back that keeps what was written since"));
    }

    private boolean verdictIsForward(String things) {
        boolean leaves = things.equals("replication slots") || things.equals("WAL senders");
        return leaves == (side == Side.SOURCE);
    }

    private Problem noWayBack(String walLevel) {
        return new Problem(
                Code.WAL_NOT_LOGICAL,
                display,
                "wal_level is " + walLevel,
                set("wal_level", CheckLogicalWal.LOGICAL) + " (the operator restarts every member)",
                "the way back replicates from the target: without logical WAL there it would lose what"
                        + " was written since the cutover");
    }

    /** The command that sets a parameter through the operator's object. */
    String set(String parameter, String value) {
        return patch("{\"postgresql\":{\"parameters\":{\"" + parameter + "\":\"" + value + "\"}}}");
    }

    String patch(String spec) {
        return "kubectl patch "
                + resource
                + " "
                + name
                + " -n "
                + namespace
                + " --type merge -p '{\"spec\":"
                + spec
                + "}'";
    }
}
