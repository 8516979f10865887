package dev.switchback.zalando;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.kube.Reach;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Tls;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One {@code postgresql} object and what the operator made of it. Everything is read afresh at each
 * call.
 */
public final class ZalandoCluster {
    /** The operator's default {@code super_username}. */
    private static final String SUPERUSER = "postgres";

    private final Kube kube;
    private final String namespace;
    private final String name;
    private final Reach reach;
    private final Optional<Path> caFile;

    /**
     * @param caFile the CA of its server certificate where one is known; Spilo's own is self-signed
     */
    public ZalandoCluster(
            Kube kube, String namespace, String name, Reach reach, Optional<Path> caFile) {
        this.kube = kube;
        this.namespace = namespace;
        this.name = name;
        this.reach = reach;
        this.caFile = caFile;
    }

    public String display() {
        return namespace + "/" + name;
    }

    /** Whether the operator's object is there at all, deleted or not. */
    public boolean exists() {
        return kube.get(Kind.POSTGRESQL, namespace, name).isPresent();
    }

    public KubeObject object() {
        return PostgresqlPatch.object(kube, namespace, name);
    }

    /**
     * {@code Running} is the operator's only healthy word; older objects hold the status as a bare
     * string.
     */
    public String status() {
        var status = object().status();
        return status.isTextual()
                ? status.asText()
                : status.path("PostgresClusterStatus").asText("");
    }

    /** What makes the cluster unfit as a source, as far as its object tells. */
    public List<Problem> unhealthy() {
        List<Problem> problems = new ArrayList<>();
        KubeObject object = object();
        String status = status();
        if (!status.equals("Running")) {
            problems.add(
                    new Problem(
                            Code.CLUSTER_UNHEALTHY,
                            display(),
                            "the operator reports '" + status + "', not 'Running'",
                            "kubectl describe postgresql "
                                    + name
                                    + " -n "
                                    + namespace
                                    + ", and wait or mend it"));
        }
        if (object.spec().hasNonNull("standby")) {
            problems.add(
                    new Problem(
                            Code.PG_STANDBY,
                            display(),
                            "is a standby cluster (spec.standby)",
                            "migrate from the cluster it follows"));
        }
        return problems;
    }

    public String name() {
        return name;
    }

    public String namespace() {
        return namespace;
    }

    /** Patroni's own view of the cluster; empty when it has left no trace in Kubernetes. */
    public Optional<Patroni> patroni() {
        return Patroni.read(kube, namespace, name);
    }

    /** Databases and owners as the object declares them. */
    public Map<String, String> declaredDatabases() {
        Map<String, String> databases = new LinkedHashMap<>();
        object().spec()
                .path("databases")
                .properties()
                .forEach(e -> databases.put(e.getKey(), e.getValue().asText()));
        return databases;
    }

    /** The superuser's session on the primary, through the master Service. */
    public ConnectionSpec superuser(String database, String applicationName) {
        Reach.Address address = reach.address(kube, namespace, name);
        return superuser(
                address.host(),
                address.hostAddress().orElse(null),
                address.port(),
                database,
                applicationName);
    }

    /**
     * The superuser's session on one pod, whatever its role; its certificate is the cluster's.
     *
     * @param address of the pod
     * @throws SwitchbackException PG_UNREACHABLE while the pod has none: an empty one would be our
     *     own machine
     */
    public ConnectionSpec superuserAt(String address, String database, String applicationName) {
        if (address.isEmpty()) {
            throw new SwitchbackException(
                    Code.PG_UNREACHABLE,
                    display(),
                    "a pod has no address",
                    "kubectl get pods -n "
                            + namespace
                            + " -l application=spilo,cluster-name="
                            + name
                            + " -o wide, and wait until each has one");
        }
        return superuser(name + "." + namespace + ".svc", address, 5432, database, applicationName);
    }

    /** Any role's session through one of the cluster's Services: the primary's or a pooler's. */
    public ConnectionSpec through(
            String service, String database, String role, Secret password, String applicationName) {
        Reach.Address address = reach.address(kube, namespace, service);
        return new ConnectionSpec(
                address.host(),
                address.hostAddress().orElse(null),
                address.port(),
                database,
                role,
                password,
                caFile.map(Tls::verifyFull).orElseGet(Tls::require),
                applicationName);
    }

    private ConnectionSpec superuser(
            String host,
            @Nullable String hostAddress,
            int port,
            String database,
            String applicationName) {
        Secret password = password(SUPERUSER).orElseThrow(() -> withoutPassword(object()));
        return new ConnectionSpec(
                host,
                hostAddress,
                port,
                database,
                SUPERUSER,
                password,
                caFile.map(Tls::verifyFull).orElseGet(Tls::require),
                applicationName);
    }

    /**
     * Where another server reaches the leader: its pod's address, so that a failover ends the
     * connection instead of moving it to a member with another history; without a trace of Patroni
     * the address of the master Service.
     */
    public String leaderAddress() {
        Optional<String> pod =
                patroni()
                        .map(Patroni::leader)
                        .filter(leader -> !leader.isEmpty())
                        .flatMap(leader -> kube.get(Kind.POD, namespace, leader))
                        .map(found -> found.status().path("podIP").asText(""))
                        .filter(address -> !address.isEmpty());
        return pod.orElseGet(() -> {
            Reach.Address service = reach.address(kube, namespace, name);
            return service.hostAddress().orElse(service.host());
        });
    }

    /** The superuser's sessions on the other members, those that copies of slots are made on. */
    public List<ConnectionSpec> replicas(String applicationName) {
        return patroni().map(Patroni::replicas).orElseGet(List::of).stream()
                .map(m -> superuserAt(m.address(), "postgres", applicationName))
                .toList();
    }

    /** Names of slots in Patroni's own settings: those it keeps, and those it ignores. */
    public List<String> keptSlots() {
        List<String> names = new ArrayList<>();
        new PatroniSettings(kube, namespace, name)
                .read()
                .ifPresent(settings -> {
                    settings.path("slots").fieldNames().forEachRemaining(names::add);
                    settings.path("ignore_slots")
                            .forEach(entry -> names.add(entry.path("name").asText("")));
                });
        return names.stream().distinct().toList();
    }

    /** Volumes of its members, also of a cluster that is deleted. */
    public List<KubeObject> volumes() {
        return kube.list(Kind.PERSISTENT_VOLUME_CLAIM, namespace, Map.of("cluster-name", name));
    }

    /** Pods of its members, also of a cluster that is deleted. */
    public List<KubeObject> pods() {
        return kube.list(Kind.POD, namespace, Map.of("cluster-name", name, "application", "spilo"));
    }

    /** Whether the object is deleted, or the operator is at it. */
    public boolean isGoing() {
        return kube.get(Kind.POSTGRESQL, namespace, name)
                .map(o -> o.json().path("metadata").hasNonNull("deletionTimestamp"))
                .orElse(true);
    }

    /**
     * Deletes the object with the annotations that the operator asks for: without them it would
     * leave pods, volumes and Secrets behind and forget them.
     *
     * @param today by the operator's clock, UTC
     */
    public void delete(DeletionRules rules, LocalDate today) {
        if (kube.get(Kind.POSTGRESQL, namespace, name).isEmpty()) {
            return;
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
        if (!rules.dateKey().isEmpty()) {
            annotations.put(rules.dateKey(), today.toString());
        }
        if (!rules.nameKey().isEmpty()) {
            annotations.put(rules.nameKey(), name);
        }
        if (!annotations.isEmpty()) {
            kube.patch(Kind.POSTGRESQL, namespace, name, patch);
        }
        kube.delete(Kind.POSTGRESQL, namespace, name);
    }

    /** Slots that Patroni is told to keep. */
    public DeclaredSlots declaredSlots() {
        return new DeclaredSlots(kube, namespace, name);
    }

    /** {@code wal_level}, through the operator. */
    public EnableLogical enableLogical() {
        return new EnableLogical(kube, namespace, name);
    }

    /** Read only of a cluster that exists: what is not there at all has no Secrets either. */
    private static SwitchbackException withoutPassword(KubeObject cluster) {
        return new SwitchbackException(
                Code.SECRET_INCOMPLETE,
                cluster.display(),
                "no Secret with username " + SUPERUSER + " and a password",
                "kubectl get secret -n "
                        + cluster.namespace()
                        + " -l cluster-name="
                        + cluster.name());
    }

    /**
     * The password the operator keeps for a role: found by the Secret's {@code username}, not by
     * its name.
     */
    public Optional<Secret> password(String role) {
        return Optional.ofNullable(passwords().get(role));
    }

    /** All passwords the operator keeps for this cluster, by role. */
    public Map<String, Secret> passwords() {
        Map<String, Secret> passwords = new LinkedHashMap<>();
        for (KubeObject secret : kube.list(Kind.SECRET, namespace, Map.of("cluster-name", name))) {
            Optional<Secret> user = secret.secret("username");
            Optional<Secret> password = secret.secret("password");
            if (user.isPresent() && password.isPresent()) {
                passwords.put(user.get().reveal(), password.get());
            }
        }
        return passwords;
    }
}
