package dev.switchback.cli;

import dev.switchback.kube.Access;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.traffic.Pace;
import dev.switchback.pg.Sql;
import dev.switchback.runbook.SharedTemplate;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A lab whose applications are scaled to nothing, so that nobody writes, and the command line of
 * one row of a table: its document, account and environment can be changed before it is run.
 */
final class Bench implements AutoCloseable {
    final Lab lab;
    final Map<String, String> environment = new HashMap<>();
    String document = Lab.DOCUMENT;
    Path kubeconfig;
    private int files;

    private Bench(Lab lab) {
        this.lab = lab;
        this.kubeconfig = lab.kubeconfig();
    }

    static Bench quiet() throws SQLException {
        return new Bench(Lab.start(SharedTemplate.get(), Pace.DEFAULT, Bench::scaledToNothing));
    }

    private static MastodonCluster scaledToNothing(MastodonCluster cluster) {
        for (HasMetadata object : List.copyOf(cluster.objects())) {
            if (object instanceof Deployment deployment) {
                deployment.getSpec().setReplicas(0);
            }
        }
        return cluster;
    }

    /** As it was before the row. */
    void reset() {
        environment.clear();
        document = Lab.DOCUMENT;
        kubeconfig = lab.kubeconfig();
    }

    /** Replaces text of the document that must be there. */
    void edit(String old, String fresh) {
        if (!document.contains(old)) {
            throw new IllegalArgumentException("not in the document: " + old);
        }
        document = document.replace(old, fresh);
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(lab.folder().resolve(++files + "-" + name), text);
    }

    /** An account with our Role but for one line of it. */
    void weaken(String right, String less) throws IOException {
        if (!Access.role().contains(right)) {
            throw new IllegalArgumentException("not in the Role: " + right);
        }
        Path role = write("role.yaml", Access.role().replace(right, less));
        String token =
                lab.kube().tokenFor(role, MastodonCluster.NAMESPACE, "switchback-weak-" + files);
        kubeconfig = lab.kube().kubeconfig(lab.folder(), token, MastodonCluster.NAMESPACE);
    }

    /** The options every row passes, after the words of the command. */
    List<String> line(String... words) throws IOException {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(
                List.of(
                        "-f",
                        write("migration.yaml", document).toString(),
                        "--kubeconfig",
                        kubeconfig.toString(),
                        "--direct"));
        return line;
    }

    /** A client that may do everything and leaves no trace in the request log. */
    KubernetesClient admin() {
        return lab.kube().client();
    }

    Resource<GenericKubernetesResource> custom(String apiVersion, String kind, String name) {
        return admin().genericKubernetesResources(apiVersion, kind)
                .inNamespace(MastodonCluster.NAMESPACE)
                .withName(name);
    }

    void onSource(String database, String... statements) throws SQLException {
        run(lab.source().connect(database), statements);
    }

    void onTarget(String database, String... statements) throws SQLException {
        run(lab.target().connect(database), statements);
    }

    private static void run(Connection opened, String... statements) throws SQLException {
        try (Connection connection = opened) {
            for (String statement : statements) {
                Sql.run(connection, statement);
            }
        }
    }

    /** Everything a command could have changed: both servers, and which objects there are. */
    SortedMap<String, String> fingerprint() throws SQLException {
        SortedMap<String, String> all = new TreeMap<>();
        try (Connection postgres = lab.source().connect("postgres");
                Connection mastodon = lab.source().connect("mastodon")) {
            Fingerprint.of("source", postgres, mastodon, all);
        }
        try (Connection postgres = lab.target().connect("postgres");
                Connection mastodon = lab.target().connect("mastodon")) {
            Fingerprint.of("target", postgres, mastodon, all);
        }
        var namespaced = MastodonCluster.NAMESPACE;
        admin().configMaps().inNamespace(namespaced).list().getItems().forEach(o -> add(all, o));
        admin().secrets().inNamespace(namespaced).list().getItems().forEach(o -> add(all, o));
        admin().leases().inNamespace(namespaced).list().getItems().forEach(o -> add(all, o));
        admin().apps()
                .deployments()
                .inNamespace(namespaced)
                .list()
                .getItems()
                .forEach(o -> all.put("Deployment " + o.getMetadata().getName(), "" + o.getSpec()));
        return all;
    }

    private static void add(SortedMap<String, String> all, HasMetadata object) {
        all.put(
                object.getKind() + " " + object.getMetadata().getName(),
                object.getMetadata().getResourceVersion());
    }

    @Override
    public void close() {
        lab.close();
    }
}
