package dev.switchback.lab.demo;

import dev.switchback.lab.kube.MastodonCluster;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Defects in the places where the writers learn their database. */
final class EndpointBreaks {
    private static final String CHECK = "check-endpoints";
    private static final String PLACE = "      - configMap: mastodon-database\n";
    private static final String FILE =
            """
                  - file: kustomize/mastodon-database.env
                    apply: [kubectl, apply, -k, kustomize]
            """;

    static final List<Break> ALL =
            List.of(
                    new Break(
                            "endpoint-key-missing",
                            "the document names a key that the ConfigMap does not have",
                            CHECK,
                            "SB-212",
                            new InDocument(
                                    PLACE,
                                    PLACE + "        keys: [DB_HOST, DATABASE_REPLICA_HOST]\n")),
                    new Break(
                            "endpoint-file-missing",
                            "the file under Git that the document names is not in this checkout",
                            CHECK,
                            "SB-240",
                            new InDocument(PLACE, FILE)),
                    new Break(
                            "endpoint-apply-broken",
                            "the kustomization that the apply command applies does not build",
                            CHECK,
                            "SB-243",
                            new BrokenKustomization()),
                    new Break(
                            "secret-key-missing",
                            "a Secret lacks the key from which a writer reads its database",
                            CHECK,
                            "SB-246",
                            new InCluster(EndpointBreaks::dropDatabaseUrl)),
                    new Break(
                            "pooler-missing",
                            "the Service of the target's pooler, which the document maps to, is not there",
                            CHECK,
                            "SB-212",
                            new InCluster(EndpointBreaks::dropPooler)));

    private EndpointBreaks() {}

    private record InDocument(String text, String by) implements Break.Planting {
        @Override
        public String document(String document, Lab lab) {
            if (!document.contains(text)) {
                throw new IllegalArgumentException("not in the document: " + text);
            }
            return document.replace(text, by);
        }
    }

    /** A file as it should be, in a kustomization that names a resource which is not there. */
    private record BrokenKustomization() implements Break.Planting {
        @Override
        public String document(String document, Lab lab) throws IOException {
            Path folder = Files.createDirectories(lab.folder().resolve("kustomize"));
            Files.writeString(
                    folder.resolve("mastodon-database.env"),
                    "DB_HOST=mastodon-postgresql-pooler\nREPLICA_DB_HOST=mastodon-postgresql-repl\n");
            Files.writeString(
                    folder.resolve("kustomization.yaml"),
                    """
                    namespace: mastodon
                    resources: [forgotten.yaml]
                    configMapGenerator:
                      - {name: mastodon-database, envs: [mastodon-database.env]}
                    """);
            return new InDocument(PLACE, FILE).document(document, lab);
        }
    }

    private record InCluster(Consumer<Lab> act) implements Break.Planting {
        @Override
        public void world(Lab lab) {
            act.accept(lab);
        }
    }

    private static void dropDatabaseUrl(Lab lab) {
        var secret =
                lab.kube()
                        .client()
                        .secrets()
                        .inNamespace(MastodonCluster.NAMESPACE)
                        .withName("mastodon-database-url");
        Secret found = secret.get();
        secret.edit(s ->
                new SecretBuilder(found)
                        .removeFromData("DATABASE_URL")
                        .addToData("DATABASE_URL_OLD", found.getData().get("DATABASE_URL"))
                        .build());
    }

    private static void dropPooler(Lab lab) {
        lab.kube()
                .client()
                .services()
                .inNamespace(MastodonCluster.NAMESPACE)
                .withName("database-pooler-rw")
                .delete();
    }
}
