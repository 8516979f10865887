package dev.switchback.steps.slots;

import dev.switchback.engine.Facts;
import dev.switchback.kube.Access;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.FakeKube;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.pg.Scratch;
import dev.switchback.pg.Sql;
import dev.switchback.runbook.Stage;
import dev.switchback.spec.DocumentReader;
import dev.switchback.steps.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import java.util.Optional;

/** A real Patroni source in a simulated Kubernetes, under the Role that we ship. */
final class SourceRig implements AutoCloseable {
    static final String SLOT = "switchback_0f0e0d0c_f_00000001";

    final PatroniSource source;
    final FakeKube fake = FakeKube.start();
    final PatroniInKubernetes mirror;
    private final Path folder = Scratch.folder("rig");
    private final Stage stage;

    SourceRig() throws Exception {
        source = PatroniSource.start();
        mirror = new PatroniInKubernetes(source, fake);
        Path role = Files.writeString(folder.resolve("role.yaml"), Access.role());
        String token = fake.tokenFor(role, MastodonCluster.NAMESPACE, "switchback");
        stage =
                Stage.open(
                        DocumentReader.parse(
                                "rig", Lab.DOCUMENT.replaceAll("(?m)^ *ca: .*\\n", "")),
                        new Stage.Connect(
                                Optional.of(
                                        fake.kubeconfig(folder, token, MastodonCluster.NAMESPACE)),
                                Optional.empty(),
                                true),
                        event -> {});
    }

    World world() {
        return stage.world();
    }

    /** Makes a slot as {@code create-slot} leaves it, and says its evidence. */
    Facts slot(String database, String name) throws Exception {
        int leader = source.leader();
        try (Connection connection = source.connect(leader, database)) {
            String at =
                    Sql.one(
                            connection,
                            "SELECT lsn FROM pg_create_logical_replication_slot(?, 'pgoutput')",
                            name);
            return Facts.of("slot." + database, name, "lsn." + database, at);
        }
    }

    static Map<String, Facts> made(Facts... slots) {
        Facts all = Facts.NONE;
        for (Facts slot : slots) {
            all = all.with(slot);
        }
        return Map.of("create-slot", all);
    }

    @Override
    public void close() {
        stage.close();
        mirror.close();
        fake.close();
        source.close();
        Scratch.delete(folder);
    }
}
