package dev.switchback.cnpg;

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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One CloudNativePG {@code Cluster} and what the operator made of it. Everything is read afresh at
 * each call.
 */
public final class CnpgCluster {
    /** The only phase in which nothing is under way. */
    public static final String HEALTHY = "Cluster in healthy state";

    private final Kube kube;
    private final String namespace;
    private final String name;
    private final Reach reach;
    private final Path workFolder;

    /**
     * @param workFolder where the CA is written for libpq and the driver
     */
    public CnpgCluster(Kube kube, String namespace, String name, Reach reach, Path workFolder) {
        this.kube = kube;
        this.namespace = namespace;
        this.name = name;
        this.reach = reach;
        this.workFolder = workFolder;
    }

    public String display() {
        return namespace + "/" + name;
    }

    public String namespace() {
        return namespace;
    }

    public KubeObject object() {
        return kube.require(
                Kind.CNPG_CLUSTER,
                namespace,
                name,
                "kubectl get clusters.postgresql.cnpg.io -A, and correct spec.target");
    }

    /** What makes the cluster unfit as a target, as far as its object tells. */
    public List<Problem> unhealthy() {
        KubeObject object = object();
        List<Problem> problems = new ArrayList<>();
        String phase = object.status().path("phase").asText("");
        if (!phase.equals(HEALTHY)) {
            problems.add(unhealthy("its phase is '" + phase + "', not '" + HEALTHY + "'"));
        }
        String current = object.status().path("currentPrimary").asText("");
        String target = object.status().path("targetPrimary").asText("");
        if (current.isEmpty() || !current.equals(target)) {
            problems.add(
                    unhealthy(
                            "currentPrimary '"
                                    + current
                                    + "' is not targetPrimary '"
                                    + target
                                    + "'"));
        }
        int asked = object.spec().path("instances").asInt(1);
        int ready = object.status().path("readyInstances").asInt(0);
        if (ready < asked) {
            problems.add(unhealthy(ready + " of " + asked + " instances are ready"));
        }
        if (object.spec().path("replica").path("enabled").asBoolean(false)) {
            problems.add(
                    new Problem(
                            Code.PG_STANDBY,
                            display(),
                            "is a replica cluster (spec.replica.enabled)",
                            "promote it or name another target"));
        }
        return problems;
    }

    private Problem unhealthy(String what) {
        return new Problem(
                Code.CLUSTER_UNHEALTHY,
                display(),
                what,
                "kubectl describe cluster " + name + " -n " + namespace + ", and wait or mend it");
    }

    /**
     * The role that {@code bootstrap.initdb} made, whose password CNPG keeps applying from {@code
     * <name>-app}.
     */
    public Optional<String> initdbOwner() {
        return text("owner");
    }

    public Optional<String> initdbDatabase() {
        return text("database");
    }

    private Optional<String> text(String key) {
        String value = object().spec().path("bootstrap").path("initdb").path(key).asText("");
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    public boolean superuserAccess() {
        return object().spec().path("enableSuperuserAccess").asBoolean(false);
    }

    /** What the object says literally: {@code true}, {@code false} or empty when it is not set. */
    public String superuserAccessAsWritten() {
        var value = object().spec().path("enableSuperuserAccess");
        return value.isMissingNode() || value.isNull() ? "" : value.asText();
    }

    /**
     * @param asWritten as {@link #superuserAccessAsWritten} gave it
     */
    public void setSuperuserAccess(String asWritten) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode spec = patch.putObject("spec");
        if (asWritten.isEmpty()) {
            spec.putNull("enableSuperuserAccess");
        } else {
            spec.put("enableSuperuserAccess", Boolean.parseBoolean(asWritten));
        }
        kube.patch(Kind.CNPG_CLUSTER, namespace, name, patch);
    }

    /** The superuser's session on the primary; empty while superuser access is off. */
    public Optional<ConnectionSpec> superuser(String database, String applicationName) {
        return kube.get(Kind.SECRET, namespace, name + "-superuser")
                .flatMap(s -> s.secret("password"))
                .map(password -> spec(database, "postgres", password, applicationName));
    }

    /**
     * @throws SwitchbackException SECRET_INCOMPLETE while superuser access is off
     */
    public ConnectionSpec requireSuperuser(String database, String applicationName) {
        return superuser(database, applicationName)
                .orElseThrow(() ->
                        new SwitchbackException(
                                Code.SECRET_INCOMPLETE,
                                namespace + "/" + name + "-superuser",
                                "the superuser's Secret is not there",
                                "set spec.enableSuperuserAccess: true on the Cluster, or let 'migrate' do it"));
    }

    /**
     * The best session there is without changing anything: the superuser's, or the owner's of
     * {@code -app}.
     */
    public ConnectionSpec reader(String database, String applicationName) {
        return superuser(database, applicationName)
                .orElseGet(() -> owner(database, applicationName));
    }

    /** The session of the role that initdb made, by its own Secret. */
    public ConnectionSpec owner(String database, String applicationName) {
        KubeObject secret = appSecret();
        Optional<Secret> user = secret.secret("username");
        Optional<Secret> password = secret.secret("password");
        if (user.isEmpty() || password.isEmpty()) {
            throw new SwitchbackException(
                    Code.SECRET_INCOMPLETE,
                    secret.display(),
                    "username or password is missing",
                    "restore the Secret that CloudNativePG made");
        }
        return spec(database, user.get().reveal(), password.get(), applicationName);
    }

    /** Any role's session through the read-write Service. */
    public ConnectionSpec spec(
            String database, String role, Secret password, String applicationName) {
        Reach.Address address = reach.address(kube, namespace, name + "-rw");
        return new ConnectionSpec(
                address.host(),
                address.hostAddress().orElse(null),
                address.port(),
                database,
                role,
                password,
                Tls.verifyFull(caFile()),
                applicationName);
    }

    /** Where another server reaches the primary: the read-write Service. */
    public String primaryAddress() {
        Reach.Address service = reach.address(kube, namespace, name + "-rw");
        return service.hostAddress().orElse(service.host());
    }

    /** How a Service of the target's namespace is reached: {@code -rw}, {@code -ro}, a pooler. */
    public Reach.Address address(String service) {
        return reach.address(kube, namespace, service);
    }

    /** The same login through another Service of the cluster's namespace. */
    public ConnectionSpec through(String service, ConnectionSpec login) {
        Reach.Address address = reach.address(kube, namespace, service);
        return new ConnectionSpec(
                address.host(),
                address.hostAddress().orElse(null),
                address.port(),
                login.database(),
                login.user(),
                login.password(),
                login.tls(),
                login.applicationName());
    }

    /**
     * Whether a Service is meant for reading only: the operator's own selects replicas, that of a
     * Pooler serves its type.
     */
    public boolean readOnly(String service) {
        KubeObject object =
                kube.require(Kind.SERVICE, namespace, service, "correct spec.endpoints.map");
        var selector = object.spec().path("selector");
        String role =
                selector.path("cnpg.io/instanceRole").asText(selector.path("role").asText(""));
        String pooler = selector.path("cnpg.io/poolerName").asText("");
        return role.equals("replica")
                || (!pooler.isEmpty()
                        && kube.get(Kind.POOLER, namespace, pooler)
                                .map(p -> p.spec().path("type").asText("rw").equals("ro"))
                                .orElse(false));
    }

    /** The Secret {@code <name>-app}, which exists when the bootstrap named database and owner. */
    public KubeObject appSecret() {
        return kube.get(Kind.SECRET, namespace, name + "-app")
                .orElseThrow(() -> withoutAppSecret(object()));
    }

    /** Of a cluster that exists: what is not there at all has no Secrets either. */
    private static SwitchbackException withoutAppSecret(KubeObject cluster) {
        return new SwitchbackException(
                Code.KUBE_NOT_FOUND,
                cluster.display() + "-app",
                "there is no Secret of this name",
                "bootstrap the cluster with initdb.database and initdb.owner");
    }

    /** Whether there is an {@code <name>-app} Secret that CNPG applies to its owner. */
    public boolean hasAppSecret() {
        return kube.get(Kind.SECRET, namespace, name + "-app").isPresent();
    }

    /** The CA that signs the server's certificates, as a file. */
    public Path caFile() {
        String secret =
                object().status().path("certificates").path("serverCASecret").asText(name + "-ca");
        KubeObject ca =
                kube.require(Kind.SECRET, namespace, secret, "check the Cluster's certificates");
        Secret pem =
                ca.secret("ca.crt")
                        .orElseThrow(() ->
                                new SwitchbackException(
                                        Code.SECRET_INCOMPLETE,
                                        ca.display(),
                                        "has no ca.crt",
                                        "check the Cluster's certificates"));
        return CaFile.write(workFolder, namespace + "-" + name, pem);
    }

    /** Writes a CA where programs can read it; the certificate itself is public. */
    private static final class CaFile {
        static Path write(Path folder, String name, Secret pem) {
            try {
                Path file = folder.resolve("ca-" + name + ".crt");
                if (!Files.exists(file) || !Files.readString(file).equals(pem.reveal())) {
                    Path fresh = Files.createTempFile(folder, "ca", ".tmp");
                    Files.writeString(fresh, pem.reveal());
                    Files.move(
                            fresh,
                            file,
                            java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
