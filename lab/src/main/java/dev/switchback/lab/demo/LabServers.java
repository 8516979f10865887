package dev.switchback.lab.demo;

import dev.switchback.lab.pg.PgServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The four servers of a lab, started side by side.
 *
 * @param replica streams from the source
 * @param standby streams from the target
 */
record LabServers(PgServer source, PgServer replica, PgServer target, PgServer standby) {

    private record Pair(PgServer primary, PgServer standby) {}

    static LabServers start(LabTemplate template) {
        CompletableFuture<Pair> targets =
                CompletableFuture.supplyAsync(() -> {
                    PgServer target = template.target();
                    return new Pair(target, template.standby(target));
                });
        PgServer source = template.source();
        PgServer replica = template.replica(source);
        try {
            Pair pair = targets.join();
            return new LabServers(source, replica, pair.primary(), pair.standby());
        } catch (CompletionException e) {
            replica.close();
            source.close();
            throw e;
        }
    }
}
