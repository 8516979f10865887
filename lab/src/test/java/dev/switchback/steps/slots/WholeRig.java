package dev.switchback.steps.slots;

import static dev.switchback.lab.kube.MastodonCluster.NAMESPACE;
import static dev.switchback.lab.kube.MastodonCluster.TARGET;

import dev.switchback.kube.Access;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.demo.LabTemplate;
import dev.switchback.lab.demo.Program;
import dev.switchback.lab.demo.TargetInstance;
import dev.switchback.lab.kube.Controllers;
import dev.switchback.lab.kube.Databases;
import dev.switchback.lab.kube.FakeKube;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.mastodon.MastodonData;
import dev.switchback.lab.mastodon.MastodonSchema;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.lab.pg.Scratch;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.runbook.SharedTemplate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The guide's world around a real Patroni source, for the shipped program: Mastodon's database on
 * the source, a lab target, Deployments whose pods run nothing. Who writes is the test's.
 */
final class WholeRig implements AutoCloseable {
    private static final double SCALE = 0.01;

    final PatroniSource source;
    final PgServer target;
    private final PgServer standby;
    private final FakeKube kube = FakeKube.start();
    private final Controllers controllers;
    private final PatroniInKubernetes mirror;
    private final Path folder = Scratch.folder("whole");
    private final Path document;
    private final Path kubeconfig;
    private final Program program = new Program(folder);

    WholeRig() throws Exception {
        source = PatroniSource.start();
        int leader = source.leader();
        try (Connection postgres = source.connect(leader, "postgres")) {
            // this Debian's initdb was told md5; CloudNativePG's pg_hba wants SCRAM
            Sql.run(postgres, "SET password_encryption = 'scram-sha-256'");
            MastodonSchema.createDatabase(postgres, "mastodon");
        }
        try (Connection mastodon = source.connect(leader, "mastodon")) {
            Sql.run(mastodon, "SET password_encryption = 'scram-sha-256'");
            MastodonSchema.create(mastodon);
        }
        MastodonData.fill(source.spec(leader, "mastodon"), SCALE);
        LabTemplate template = SharedTemplate.get();
        target = template.target();
        standby = template.standby(target);
        controllers =
                Controllers.start(kube)
                        .withoutZalandoOperator()
                        .instance(TARGET, new TargetInstance(target));
        Secret owner = MastodonSchema.OWNER_PASSWORD;
        new MastodonCluster(
                        new Databases(
                                source.address(leader),
                                source.address(3 - leader),
                                target.address(),
                                standby.address(),
                                source.certificate(),
                                target.caPem(),
                                Map.of(
                                        "postgres", PatroniSource.PASSWORD.reveal(),
                                        "mastodon", owner.reveal(),
                                        "standby", "standby"),
                                LabTemplate.TARGET_OWNER_PASSWORD.reveal(),
                                source.major(),
                                target.major()))
                .create(kube);
        String name = PatroniSource.NAME;
        mirror =
                new PatroniInKubernetes(
                        source,
                        kube,
                        List.of(name, name + "-pooler"),
                        List.of(name + "-repl", name + "-pooler-repl"));
        // Spilo's certificate is its own CA and names no host: the source has none to verify with
        document =
                Files.writeString(
                        folder.resolve("migration.yaml"),
                        Lab.DOCUMENT
                                .replace("strategy: offline", "strategy: online")
                                .replaceAll("(?m)^ *ca: .*\\n", ""));
        Path role = Files.writeString(folder.resolve("role.yaml"), Access.role());
        kubeconfig =
                kube.kubeconfig(folder, kube.tokenFor(role, NAMESPACE, "switchback"), NAMESPACE);
    }

    Program.Running start(String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.addAll(List.of("-f", document.toString()));
        command.addAll(List.of("--kubeconfig", kubeconfig.toString(), "--direct", "-o", "json"));
        return program.start(false, command);
    }

    Connection onTarget() throws SQLException {
        return target.connect("mastodon");
    }

    @Override
    public void close() {
        mirror.close();
        controllers.close();
        kube.close();
        standby.close();
        target.close();
        source.close();
        Scratch.delete(folder);
    }
}
