package dev.switchback.settle;

import dev.switchback.health.ApplicationHealth;
import dev.switchback.health.ApplicationHealth.Trouble;
import dev.switchback.health.ApplicationHealth.Writer;
import dev.switchback.steps.World;
import java.util.ArrayList;
import java.util.List;

/** The writers' pods and what their logs say since the last look. */
final class PodReader implements Reader {
    static final String NAME = "applications";

    /** Memory: when a log last complained about the database, and how many lines were read. */
    static final String LAST_DATABASE_ERROR = "logs.lastDatabaseError";

    static final String LINES = "logs.lines";

    private final World world;

    PodReader(World world) {
        this.world = world;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void read(Look look, Past past) throws InterruptedException {
        List<String> unread = new ArrayList<>();
        long lines = Long.parseLong(look.memory().getOrDefault(LINES, "0"));
        for (Writer writer :
                ApplicationHealth.readWriters(world.kube(), world.writers(), past.sinceLast())) {
            pods(look, writer);
            lines += writer.log().lines();
            log(look, writer);
            // a container that waits has no log: the pods say so already
            if (!writer.log().unread().isEmpty() && writer.troubles().isEmpty()) {
                unread.add(writer.name() + ": " + writer.log().unread());
            }
        }
        look.memory().put(LINES, String.valueOf(lines));
        if (!unread.isEmpty()) {
            look.unread(NAME, "logs not read: " + String.join("; ", unread));
        }
    }

    private static void pods(Look look, Writer writer) {
        String name = writer.name();
        look.put(Metric.PODS_READY, writer.ready(), "writer", name);
        look.put(Metric.PODS_WANTED, writer.asked(), "writer", name);
        look.put(Metric.POD_RESTARTS, writer.restarts(), "writer", name);
        String before = look.memory().put("restarts." + name, String.valueOf(writer.restarts()));
        int grown = before == null ? 0 : writer.restarts() - Integer.parseInt(before);
        List<Trouble> looping =
                writer.troubles().stream()
                        .filter(t -> t.what().contains("CrashLoopBackOff"))
                        .toList();
        // one restart is no loop: the rule wants it at several looks in a row
        int count = looping.size() + Math.max(0, grown);
        look.say(
                Metric.PODS_CRASH_LOOPING,
                count,
                count == 0
                        ? ""
                        : looping.isEmpty()
                                ? grown + " restarts since the last look"
                                : looping.getFirst().pod() + ": " + looping.getFirst().what(),
                "writer",
                name);
    }

    private static void log(Look look, Writer writer) {
        var log = writer.log();
        if (log.databaseErrors() > 0) {
            look.memory().put(LAST_DATABASE_ERROR, look.at().toString());
        }
        look.put(Metric.APPLICATION_DATABASE_ERRORS, log.databaseErrors(), "writer", writer.name());
        look.say(
                Metric.APPLICATION_ERROR_RATIO,
                log.lines() == 0 ? 0.0 : log.errors() / (double) log.lines(),
                log.errors()
                        + " of "
                        + log.lines()
                        + " log lines tell of an error, "
                        + log.databaseErrors()
                        + " of the database",
                "writer",
                writer.name());
    }
}
