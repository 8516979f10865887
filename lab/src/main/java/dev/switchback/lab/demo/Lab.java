package dev.switchback.lab.demo;

import dev.switchback.kube.Access;
import dev.switchback.lab.demo.Applications.Writing;
import dev.switchback.lab.kube.Controllers;
import dev.switchback.lab.kube.Databases;
import dev.switchback.lab.kube.FakeKube;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.mastodon.LabNoise;
import dev.switchback.lab.mastodon.MastodonSchema;
import dev.switchback.lab.mastodon.SpiloLeftovers;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.lab.pg.Scratch;
import dev.switchback.lab.traffic.Ledger;
import dev.switchback.lab.traffic.Pace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * One whole world: two servers, a cluster with operators, applications that write, and a kubeconfig
 * for the program.
 */
public final class Lab implements AutoCloseable {
    static final List<String> WRITERS =
            List.of(
                    "mastodon-web",
                    "mastodon-sidekiq-default",
                    "mastodon-sidekiq-background",
                    "mastodon-sidekiq-federation",
                    "mastodon-streaming");

    private final Path folder;
    private final PgServer source;
    private final PgServer replica;
    private final PgServer target;
    private final PgServer standby;
    private final FakeKube kube;
    private final Controllers controllers;
    private final LabNoise noise;
    private final Ledger ledger;
    private final Applications applications;
    private final Map<String, Integer> replicas;
    private final Map<String, String> settings;
    private final List<AutoCloseable> attached = new CopyOnWriteArrayList<>();

    private Lab(
            Path folder,
            PgServer source,
            PgServer replica,
            PgServer target,
            PgServer standby,
            FakeKube kube,
            Controllers controllers,
            LabNoise noise,
            Ledger ledger,
            Applications applications) {
        this.folder = folder;
        this.source = source;
        this.replica = replica;
        this.target = target;
        this.standby = standby;
        this.kube = kube;
        this.controllers = controllers;
        this.noise = noise;
        this.ledger = ledger;
        this.applications = applications;
        this.replicas = replicas();
        this.settings = settings();
    }

    public static Lab start(LabTemplate template, Pace pace) {
        return start(template, pace, Writing.PODS);
    }

    public static Lab start(LabTemplate template, Pace pace, Writing writing) {
        return start(template, pace, writing, cluster -> cluster);
    }

    /**
     * @param change alters or leaves out objects before they are created
     */
    public static Lab start(
            LabTemplate template, Pace pace, UnaryOperator<MastodonCluster> change) {
        return start(template, pace, Writing.PODS, change);
    }

    private static Lab start(
            LabTemplate template,
            Pace pace,
            Writing writing,
            UnaryOperator<MastodonCluster> change) {
        Path folder = Scratch.folder("lab");
        LabServers servers = LabServers.start(template);
        PgServer source = servers.source();
        PgServer replica = servers.replica();
        PgServer target = servers.target();
        PgServer standby = servers.standby();
        FakeKube kube = FakeKube.start();
        Map<String, String> passwords = new LinkedHashMap<>();
        passwords.put("postgres", PgServer.SUPERUSER_PASSWORD.reveal());
        passwords.put(MastodonSchema.OWNER, MastodonSchema.OWNER_PASSWORD.reveal());
        passwords.put(MastodonSchema.READONLY, MastodonSchema.READONLY_PASSWORD.reveal());
        passwords.put("standby", SpiloLeftovers.STANDBY_PASSWORD.reveal());
        passwords.put("pooler", SpiloLeftovers.POOLER_PASSWORD.reveal());
        Databases databases =
                new Databases(
                        source.address(),
                        replica.address(),
                        target.address(),
                        standby.address(),
                        source.caPem(),
                        target.caPem(),
                        passwords,
                        LabTemplate.TARGET_OWNER_PASSWORD.reveal(),
                        source.major(),
                        target.major());
        Ledger ledger = new Ledger(folder.resolve("ledger.log"));
        Applications applications = new Applications(kube, ledger, pace, writing);
        Controllers controllers =
                Controllers.start(
                                kube,
                                new Controllers.Timing(
                                        Duration.ofMillis(300),
                                        Duration.ofMillis(200),
                                        Duration.ofMillis(150)))
                        .listen(applications)
                        .instance(MastodonCluster.TARGET, new TargetInstance(target))
                        .members(
                                MastodonCluster.SOURCE,
                                List.of(
                                        new SpiloPod(MastodonCluster.SOURCE + "-0", source),
                                        new SpiloPod(MastodonCluster.SOURCE + "-1", replica)));
        change.apply(new MastodonCluster(databases)).create(kube);
        if (writing == Writing.EXTERNAL) {
            applications.startClients();
        }
        LabNoise noise =
                LabNoise.start(
                        source.superuser("postgres"),
                        source.superuser("mastodon")
                                .withLogin(MastodonSchema.OWNER, MastodonSchema.OWNER_PASSWORD));
        noise.startReport();
        return new Lab(
                folder,
                source,
                replica,
                target,
                standby,
                kube,
                controllers,
                noise,
                ledger,
                applications);
    }

    public PgServer source() {
        return source;
    }

    /** The hot standby of the source: the second pod of its cluster. */
    public PgServer replica() {
        return replica;
    }

    public PgServer target() {
        return target;
    }

    /** The hot standby of the target, behind its read-only Services. */
    public PgServer standby() {
        return standby;
    }

    public FakeKube kube() {
        return kube;
    }

    public LabNetwork network() {
        return new LabNetwork(this, kube);
    }

    public Controllers controllers() {
        return controllers;
    }

    public LabNoise noise() {
        return noise;
    }

    public Ledger ledger() {
        return ledger;
    }

    public Applications applications() {
        return applications;
    }

    public Path folder() {
        return folder;
    }

    /** A kubeconfig of an account that has exactly the Role we ship. */
    public Path kubeconfig() {
        try {
            Path role = folder.resolve("role.yaml");
            Files.writeString(role, Access.role());
            String token = kube.tokenFor(role, MastodonCluster.NAMESPACE, "switchback");
            return kube.kubeconfig(folder, token, MastodonCluster.NAMESPACE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with the rights to delete that {@code cleanup} needs beside. */
    public Path cleanupKubeconfig() {
        try {
            Path place = Files.createDirectories(folder.resolve("cleanup"));
            Path role = Files.writeString(place.resolve("role.yaml"), Access.roleForCleanup());
            String token = kube.tokenFor(role, MastodonCluster.NAMESPACE, "switchback-cleanup");
            return kube.kubeconfig(place, token, MastodonCluster.NAMESPACE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A kubeconfig for kubectl, over TLS.
     *
     * @param more rights beside the Role we ship, as a further rule of it
     */
    public Path secureKubeconfig(String more) {
        try {
            Path role = folder.resolve("role-and-more.yaml");
            Files.writeString(role, Access.role() + more);
            String token = kube.tokenFor(role, MastodonCluster.NAMESPACE, "switchback-apply");
            return kube.secureKubeconfig(folder, token, MastodonCluster.NAMESPACE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The guide's migration as a document. */
    public Path document() {
        return document(Strategy.OFFLINE);
    }

    /** The same with this strategy. */
    public Path document(Strategy strategy) {
        try {
            return Files.writeString(
                    folder.resolve("migration.yaml"),
                    DOCUMENT.replace("strategy: offline", "strategy: " + strategy.word()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Text of {@link #document}. */
    public static final String DOCUMENT =
            """
            apiVersion: switchback.dev/v1alpha1
            kind: Migration
            metadata: {name: mastodon, namespace: mastodon}
            spec:
              strategy: offline
              source: {zalando: {cluster: mastodon-postgresql}}
              target: {cnpg: {cluster: database}}
              databases: [mastodon]
              writers:
                - deployment/mastodon-web
                - deployment/mastodon-sidekiq-default
                - deployment/mastodon-sidekiq-background
                - deployment/mastodon-sidekiq-federation
                - deployment/mastodon-streaming
              endpoints:
                map:
                  mastodon-postgresql: database-rw
                  mastodon-postgresql-pooler: database-pooler-rw
                  mastodon-postgresql-repl: database-pooler-ro
                  mastodon-postgresql-pooler-repl: database-pooler-ro
                in:
                  - configMap: mastodon-database
                  - secret: mastodon-database-url
                ca: {secret: mastodon-postgresql-ca, with: database-ca}
              budgets: {stopWriters: 60s, startWriters: 60s}
              jobs: 2
            """;

    /** Something that lives as long as this lab. */
    public <T extends AutoCloseable> T closing(T resource) {
        attached.add(resource);
        return resource;
    }

    /** Replicas of the writers now, by name. */
    public Map<String, Integer> replicas() {
        Map<String, Integer> now = new LinkedHashMap<>();
        for (String writer : WRITERS) {
            var deployment =
                    kube.client()
                            .apps()
                            .deployments()
                            .inNamespace(MastodonCluster.NAMESPACE)
                            .withName(writer)
                            .get();
            if (deployment != null) {
                now.put(writer, deployment.getSpec().getReplicas());
            }
        }
        return now;
    }

    /** Replicas of the writers when the lab started. */
    public Map<String, Integer> originalReplicas() {
        return replicas;
    }

    /** What {@code DB_HOST} says now. */
    public String endpoint() {
        return kube.client()
                .configMaps()
                .inNamespace(MastodonCluster.NAMESPACE)
                .withName("mastodon-database")
                .get()
                .getData()
                .getOrDefault("DB_HOST", "");
    }

    /**
     * Every value in which the applications read where their database is, byte for byte: {@code
     * name/key} to text as stored.
     */
    public Map<String, String> settings() {
        Map<String, String> now = new TreeMap<>();
        var maps = kube.client().configMaps().inNamespace(MastodonCluster.NAMESPACE);
        maps.withName("mastodon-database")
                .get()
                .getData()
                .forEach((key, value) -> now.put("mastodon-database/" + key, value));
        for (String secret :
                List.of("mastodon-database-url", MastodonCluster.SOURCE + "-ca", "database-app")) {
            kube.client()
                    .secrets()
                    .inNamespace(MastodonCluster.NAMESPACE)
                    .withName(secret)
                    .get()
                    .getData()
                    .forEach((key, value) -> now.put(secret + "/" + key, value));
        }
        return now;
    }

    /** The same when the lab started. */
    public Map<String, String> originalSettings() {
        return settings;
    }

    /** How many pods the applications have when they run as at the start, or external clients. */
    public int pods() {
        return applications.writing() == Writing.EXTERNAL
                ? Applications.CLIENTS
                : replicas.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public void close() {
        applications.close();
        controllers.close();
        noise.close();
        kube.close();
        replica.close();
        source.close();
        standby.close();
        target.close();
        for (AutoCloseable resource : attached) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the lab does not close", e);
            }
        }
        ledger.close();
        Scratch.delete(folder);
    }
}
