package dev.switchback.spec;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One migration as its document describes it (docs/document.md).
 *
 * @param name names our objects in the cluster: {@code switchback-<name>}
 * @param namespace where our objects live
 * @param databases databases to move; empty means all but the operators' own
 * @param jobs parallel workers for copy, index builds and validation
 * @param overrides failing checks that are accepted by name
 * @param approve whether a person must approve the cutover: {@code switchback approve}
 * @param online used by strategy online only
 * @param settle how the time after the switch is watched
 * @param cutoverAt when the service is to be stopped; a run holds the migration until then
 */
public record Migration(
        String name,
        String namespace,
        Strategy strategy,
        ClusterRef source,
        ClusterRef target,
        List<String> databases,
        List<WriterRef> writers,
        Endpoints endpoints,
        Budgets budgets,
        int jobs,
        Optional<Backup> backup,
        Validation validation,
        Probes probes,
        Optional<Window> window,
        List<Acceptance> overrides,
        boolean approve,
        Rollback rollback,
        Online online,
        Settle settle,
        Cleanup cleanup,
        Optional<Instant> cutoverAt,
        Announce announce,
        List<Hook> hooks) {

    public static final String API_VERSION = "switchback.dev/v1alpha1";
    public static final String KIND = "Migration";

    /** How data travels. */
    public enum Strategy {
        /** Copied while the writers are stopped. */
        OFFLINE,
        /** Copied while they run, then followed until they are stopped for seconds. */
        ONLINE;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * A cluster object.
     *
     * @param context kubeconfig context, when it is not the current one
     */
    public record ClusterRef(String cluster, String namespace, Optional<String> context) {
        @Override
        public String toString() {
            return namespace + "/" + cluster;
        }
    }

    /** Something that writes to the source and can be stopped: {@code deployment/mastodon-web}. */
    public record WriterRef(WriterRef.Kind kind, String name, String namespace) {
        /** Kinds of writer we know how to stop and start. */
        public enum Kind {
            DEPLOYMENT,
            STATEFULSET,
            CRONJOB;

            public String word() {
                return name().toLowerCase(java.util.Locale.ROOT);
            }
        }

        @Override
        public String toString() {
            return kind.word() + "/" + name;
        }
    }

    /**
     * Where writers learn their database.
     *
     * @param map old Service name to new Service name
     * @param in the objects whose values are rewritten
     * @param files the files under Git whose values are rewritten
     * @param ca the Secret whose CA the writers trust, and the Secret whose CA replaces it
     */
    public record Endpoints(
            Map<String, String> map, List<Place> in, List<EndpointFile> files, Optional<Ca> ca) {}

    /**
     * A ConfigMap or Secret that names endpoints.
     *
     * @param keys the keys to rewrite; empty means every key whose value names a mapped Service
     */
    public record Place(Place.Kind kind, String name, String namespace, List<String> keys) {
        /** What kind of object holds the endpoint. */
        public enum Kind {
            CONFIG_MAP("ConfigMap"),
            SECRET("Secret");

            private final String word;

            Kind(String word) {
                this.word = word;
            }

            public String word() {
                return word;
            }
        }

        @Override
        public String toString() {
            return kind.word().toLowerCase(java.util.Locale.ROOT) + "/" + name;
        }
    }

    /**
     * The CA bundle writers mount ({@code secret}) gets the content of {@code with}, key {@code
     * key}.
     */
    public record Ca(String secret, String with, String key) {}

    /**
     * How long things may take before the run gives up and puts everything back.
     *
     * @param apply the command that applies an endpoint's file
     * @param merge a person's merge of an endpoint's file, until the cluster shows it; the service
     *     is stopped meanwhile
     * @param writePause of strategy online, from the fence to the commit point
     */
    public record Budgets(
            Duration stopWriters,
            Duration startWriters,
            Duration apply,
            Duration merge,
            Duration writePause) {
        public static final Budgets DEFAULT =
                new Budgets(
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(30));
    }

    /** The same with another rate limit for its backup; unchanged when no backup is taken. */
    public Migration withBackupRate(long bytesASecond) {
        return with(backup.map(b -> b.withMaxRate(bytesASecond)), overrides, settle, cutoverAt);
    }

    /** The same, accepting more findings by name. */
    public Migration withOverrides(List<Acceptance> more) {
        List<Acceptance> all = new ArrayList<>(overrides);
        all.addAll(more);
        return with(backup, List.copyOf(all), settle, cutoverAt);
    }

    /** The same watched at another interval. */
    public Migration withWatchInterval(Duration interval) {
        return with(
                backup,
                overrides,
                new Settle(settle.watch(), interval, settle.baselineAfter(), settle.alerts()),
                cutoverAt);
    }

    /** The same with another time of its cutover, or none: at once. */
    public Migration withCutoverAt(Optional<Instant> time) {
        return with(backup, overrides, settle, time);
    }

    private Migration with(
            Optional<Backup> changedBackup,
            List<Acceptance> changedOverrides,
            Settle changedSettle,
            Optional<Instant> changedCutoverAt) {
        return new Migration(
                name,
                namespace,
                strategy,
                source,
                target,
                databases,
                writers,
                endpoints,
                budgets,
                jobs,
                changedBackup,
                validation,
                probes,
                window,
                changedOverrides,
                approve,
                rollback,
                online,
                changedSettle,
                cleanup,
                changedCutoverAt,
                announce,
                hooks);
    }

    /** {@code namespace/name}. */
    public String display() {
        return namespace + "/" + name;
    }

    /** Identifies the migration in its journal: another source or target is another migration. */
    public String identity() {
        return display() + ": " + source + " -> " + target;
    }
}
