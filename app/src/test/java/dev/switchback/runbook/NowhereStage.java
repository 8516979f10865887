package dev.switchback.runbook;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.spec.DocumentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A stage that reaches no cluster, and journals for it. */
final class NowhereStage {
    static final Instant OPENED = Instant.parse("2026-11-20T02:00:00Z");

    private static final String KUBECONFIG =
            """
            apiVersion: v1
            kind: Config
            current-context: nowhere
            clusters: [{name: nowhere, cluster: {server: "https://127.0.0.1:9"}}]
            users: [{name: nobody, user: {}}]
            contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody, namespace: shop}}]
            """;

    static final String DOCUMENT =
            """
            apiVersion: switchback.dev/v1alpha1
            kind: Migration
            metadata: {name: shop, namespace: shop}
            spec:
              strategy: offline
              source: {zalando: {cluster: old}}
              target: {cnpg: {cluster: new}}
              databases: [shop]
              writers: [deployment/web]
              endpoints: {map: {old: new-rw}, in: [{configMap: shop}]}
            """;

    private NowhereStage() {}

    static Stage open(Path folder, String document) throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), KUBECONFIG);
        return Stage.open(
                DocumentReader.parse("shop", document),
                new Stage.Connect(Optional.of(kubeconfig), Optional.empty(), true),
                event -> {});
    }

    static JournalState journal(Status status, StepRecord... steps) {
        return new JournalState(
                JournalState.API_VERSION,
                "shop/shop: shop/old -> shop/new",
                "uid",
                "offline",
                1,
                null,
                1,
                status,
                List.of(steps),
                null,
                List.of());
    }

    static StepRecord done(String id, String... evidence) {
        return new StepRecord(
                id, StepState.DONE, 1, false, Facts.NONE, Facts.of(evidence), OPENED, OPENED, 0.0);
    }
}
