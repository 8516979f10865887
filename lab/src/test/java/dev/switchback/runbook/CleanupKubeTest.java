package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.Observation;
import dev.switchback.fault.Code;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.demo.OpenSides;
import dev.switchback.lab.demo.Program;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.mastodon.MastodonSchema;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.cleanup.Trace;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One migrated world, some days later: refused, cleaned up, looked for leftovers, deleted. */
@Tag("boundaries")
@Timeout(400)
class CleanupKubeTest {
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void itIsRefusedUntilNobodyNeedsTheSourceThenNothingOfOursIsLeft() throws Exception {
        try (Cleanable world = new Cleanable()) {
            refusals(world);
            commandRefuses(world);
            cleansUp(world);
            nothingIsLeft(world);
            plantedLeftoversAreNamed(world);
            deletesTheSource(world);
        }
    }

    private static void refusals(Cleanable world) throws Exception {
        Instant now = world.after(DAY.multipliedBy(8));
        assertRefused(
                world, "check-stable", world.document, now, Code.NOT_STABLE, "nobody watched");
        world.watched(now, world.after(DAY.multipliedBy(5)), List.of());
        assertRefused(
                world, "check-stable", world.document, now, Code.NOT_STABLE, "stable for 3.0 days");
        world.watched(now, world.opened, List.of("connectivity"));
        assertRefused(world, "check-stable", world.document, now, Code.NOT_STABLE, "connectivity");
        world.watched(now.minus(DAY.multipliedBy(2)), world.opened, List.of());
        assertRefused(
                world,
                "check-stable",
                world.document,
                now,
                Code.NOT_STABLE,
                "nobody watched since");
        world.watched(now, world.opened, List.of());
        assertPassed(world, "check-stable", now);

        assertRefused(
                world,
                "check-finished",
                world.document,
                world.after(Duration.ofHours(1)),
                Code.ROLLBACK_OPEN,
                "open until");
        assertPassed(world, "check-finished", now);

        try (Connection late =
                Pg.open(
                        world.rig
                                .lab
                                .source()
                                .superuser("mastodon")
                                .withLogin(MastodonSchema.OWNER, MastodonSchema.OWNER_PASSWORD)
                                .withApplicationName("old-branch"))) {
            assertThat(Sql.one(late, "SELECT 1")).isEqualTo("1");
            assertRefused(
                    world,
                    "check-source-idle",
                    world.document,
                    now,
                    Code.SOURCE_IN_USE,
                    "old-branch");
        }
        Await.until(
                "the late session is gone",
                Duration.ofSeconds(20),
                () ->
                        world.look("check-source-idle", world.document, now)
                                instanceof Observation.Done);

        OnlineRig.on(world.rig.lab.target(), "COMMENT ON TABLE accounts IS 'changed by hand'");
        assertRefused(
                world,
                "check-final-validation",
                world.document,
                now,
                Code.FINAL_VALIDATION,
                "comment table public.accounts");
        OnlineRig.on(
                world.rig.lab.target(),
                "COMMENT ON TABLE accounts IS 'local and remote people; domain is NULL for local ones'");

        assertRefused(
                world,
                "check-last-backup",
                world.online.document,
                now,
                Code.LAST_BACKUP_MISSING,
                "spec.backup.to");
        Path none = world.document("none.yaml", "  cleanup: {finalBackup: none}\n");
        assertThat(world.look("check-last-backup", none, now)).isInstanceOf(Observation.Done.class);
        Path sooner = world.document("sooner.yaml", "  cleanup: {notBefore: 2d}\n");
        world.watched(now, world.after(DAY.multipliedBy(5)), List.of());
        assertThat(world.look("check-stable", sooner, now)).isInstanceOf(Observation.Done.class);
        world.watched(now, world.opened, List.of());
        assertRefused(
                world,
                "check-deletion",
                world.document,
                now,
                Code.DELETION_UNCLEAR,
                "no configuration");
    }

    private static void assertPassed(Cleanable world, String check, Instant now) throws Exception {
        assertThat(world.look(check, world.document, now)).isInstanceOf(Observation.Done.class);
    }

    private static void assertRefused(
            Cleanable world, String check, Path document, Instant now, Code code, String words)
            throws Exception {
        assertThat(world.look(check, document, now))
                .isInstanceOfSatisfying(
                        Observation.Impossible.class,
                        i ->
                                assertThat(i.problems())
                                        .anySatisfy(p -> {
                                            assertThat(p.code()).isEqualTo(code);
                                            assertThat(p.what()).contains(words);
                                            assertThat(p.remedy()).isNotBlank();
                                        }));
    }

    private static void commandRefuses(Cleanable world) throws Exception {
        Program.Result role =
                world.start(world.rig.lab.kubeconfig(), "cleanup", "--dry-run").await(120);
        assertThat(role.exit()).as(role.err()).isEqualTo(3);
        assertThat(role.err()).contains("SB-201", "init --role --cleanup");
        JsonNode planned = Cleanable.json(role);
        assertThat(planned.path("result").asText()).isEqualTo("refused");
        assertThat(planned.path("removes").findValuesAsText("kind"))
                .contains(
                        "subscription",
                        "slot",
                        "publication",
                        "role",
                        "schema",
                        "event trigger",
                        "trigger");
        Program.Result wrong = world.run("cleanup", "--confirm", "database");
        assertThat(wrong.exit()).as(wrong.err()).isEqualTo(2);
        assertThat(wrong.err()).contains("not confirmed", "nothing was changed");
        assertThat(world.rig.journal().status()).isEqualTo(Status.COMPLETED);
    }

    private static void cleansUp(Cleanable world) throws Exception {
        Program.Result cleaned = world.run("cleanup", "--confirm", MastodonCluster.SOURCE);
        assertThat(cleaned.exit()).as(cleaned.err()).isZero();
        assertThat(cleaned.err()).contains("DRILL: this is not the true time", "to be removed:");
        JsonNode document = Cleanable.json(cleaned);
        assertThat(document.path("result").asText()).isEqualTo("cleaned");
        assertThat(document.path("steps").get(0).path("id").asText()).isEqualTo("take-last-backup");
        assertThat(document.path("steps").get(0).path("evidence").path("keyTables").asText())
                .contains("accounts");
        assertThat(world.rig.journal().status()).isEqualTo(Status.CLEANED);
    }

    private static void nothingIsLeft(Cleanable world) throws Exception {
        Program.Result verified = world.run("verify-clean");
        assertThat(verified.exit()).as(verified.err()).isZero();
        JsonNode document = Cleanable.json(verified);
        assertThat(document.path("left")).isEmpty();
        assertThat(document.path("kept").findValuesAsText("kind"))
                .containsExactlyInAnyOrder("ConfigMap", "closed database");

        Lab lab = world.rig.lab;
        assertThat(OpenSides.of(lab)).isEqualTo(new OpenSides(false, true));
        assertThat(lab.applications().awaitServing(lab.pods(), Duration.ofSeconds(30))).isTrue();
        assertThat(OnlineRig.one(lab.source(), "SHOW wal_level")).isEqualTo("replica");
        assertThat(OnlineRig.one(lab.source(), "SHOW default_transaction_read_only"))
                .isEqualTo("on");
        assertThat(
                        OnlineRig.one(
                                lab.target(),
                                "SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'logical'"))
                .isEqualTo("0");
        assertThat(
                        lab.kube()
                                .client()
                                .leases()
                                .inNamespace(MastodonCluster.NAMESPACE)
                                .withName("switchback-mastodon")
                                .get())
                .isNull();
        for (String command : List.of("rollback", "migrate")) {
            Program.Result refused =
                    command.equals("migrate") ? world.run(command, "--yes") : world.run(command);
            assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
            assertThat(refused.err()).contains("SB-482", "cleaned up");
        }
        assertThat(world.run("status").exit()).isZero();
    }

    /** What is planted, and what is to be named. */
    private record Plant(boolean onTarget, String make, String take, String named) {}

    private static final List<Plant> PLANTS =
            List.of(
                    new Plant(
                            true,
                            "CREATE ROLE switchback_planted",
                            "DROP ROLE switchback_planted",
                            "target role switchback_planted"),
                    new Plant(
                            false,
                            "CREATE ROLE switchback_planted",
                            "DROP ROLE switchback_planted",
                            "source role switchback_planted"),
                    new Plant(
                            false,
                            "SELECT pg_create_physical_replication_slot('switchback_planted')",
                            "SELECT pg_drop_replication_slot('switchback_planted')",
                            "source slot switchback_planted"),
                    new Plant(
                            true,
                            "CREATE PUBLICATION switchback_planted",
                            "DROP PUBLICATION switchback_planted",
                            "target publication mastodon: switchback_planted"),
                    new Plant(
                            true,
                            "CREATE SUBSCRIPTION switchback_planted CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false)",
                            "ALTER SUBSCRIPTION switchback_planted SET (slot_name = NONE); DROP SUBSCRIPTION switchback_planted",
                            "target subscription switchback_planted in mastodon"),
                    new Plant(
                            true,
                            "SELECT pg_replication_origin_create('switchback_planted')",
                            "SELECT pg_replication_origin_drop('switchback_planted')",
                            "target origin switchback_planted"),
                    new Plant(
                            false,
                            "CREATE SCHEMA switchback",
                            "DROP SCHEMA switchback",
                            "source schema mastodon: switchback"),
                    new Plant(
                            true,
                            "CREATE SCHEMA switchback; CREATE TABLE switchback.copied (a int)",
                            "DROP SCHEMA switchback CASCADE",
                            "target table mastodon: switchback.copied"),
                    new Plant(
                            false,
                            "CREATE FUNCTION public.f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER switchback_planted ON ddl_command_end EXECUTE FUNCTION public.f()",
                            "DROP EVENT TRIGGER switchback_planted; DROP FUNCTION public.f()",
                            "source event trigger mastodon: switchback_planted"),
                    new Plant(
                            true,
                            "CREATE FUNCTION public.g() RETURNS trigger LANGUAGE plpgsql AS 'begin return null; end'; CREATE TRIGGER switchback_planted AFTER TRUNCATE ON public.accounts EXECUTE FUNCTION public.g()",
                            "DROP TRIGGER switchback_planted ON public.accounts; DROP FUNCTION public.g()",
                            "target trigger mastodon: switchback_planted on accounts"),
                    new Plant(
                            true,
                            "ALTER DATABASE mastodon SET switchback.planted = 'x'",
                            "ALTER DATABASE mastodon RESET switchback.planted",
                            "target setting mastodon: switchback.planted=x"),
                    new Plant(
                            true,
                            "CREATE DATABASE switchback_proof_planted",
                            "DROP DATABASE switchback_proof_planted",
                            "target database switchback_proof_planted"));

    private static void plantedLeftoversAreNamed(Cleanable world) throws Exception {
        for (Plant plant : PLANTS) {
            PgServer side = plant.onTarget ? world.rig.lab.target() : world.rig.lab.source();
            each(side, plant.make);
            assertThat(words(world)).as(plant.make).contains(plant.named);
            each(side, plant.take);
        }
        var maps =
                world.rig.lab.kube().client().configMaps().inNamespace(MastodonCluster.NAMESPACE);
        maps.resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("switchback-mastodon-planted")
                                .withLabels(
                                        Map.of(
                                                "app.kubernetes.io/managed-by",
                                                "switchback",
                                                "app.kubernetes.io/instance",
                                                "mastodon"))
                                .endMetadata()
                                .build())
                .create();
        assertThat(words(world))
                .contains("kubernetes ConfigMap mastodon/switchback-mastodon-planted");
        Program.Result left = world.run("verify-clean");
        assertThat(left.exit()).isEqualTo(4);
        assertThat(left.err()).contains("SB-627", "switchback-mastodon-planted");
        maps.withName("switchback-mastodon-planted").delete();
        assertThat(words(world)).isEmpty();
    }

    /** Some of these may not stand in one transaction with others. */
    private static void each(PgServer side, String statements) throws Exception {
        for (String statement : statements.split("; (?=[A-Z])", -1)) {
            OnlineRig.on(side, statement);
        }
    }

    private static List<String> words(Cleanable world) {
        return world.inventory().left().stream().map(Trace::words).toList();
    }

    private static void deletesTheSource(Cleanable world) throws Exception {
        String[] delete = {"cleanup", "--delete-source", "--confirm", MastodonCluster.SOURCE};
        Program.Result unclear = world.run(delete);
        assertThat(unclear.exit()).as(unclear.err()).isEqualTo(3);
        assertThat(unclear.err()).contains("SB-625");
        var client = world.rig.lab.kube().client();
        client.configMaps()
                .inNamespace(MastodonCluster.NAMESPACE)
                .resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("postgres-operator")
                                .endMetadata()
                                .addToData("delete_annotation_date_key", "delete-date")
                                .addToData("delete_annotation_name_key", "delete-clustername")
                                .addToData("enable_persistent_volume_claim_deletion", "false")
                                .build())
                .create();
        Program.Result deleted = world.run(delete);
        assertThat(deleted.exit()).as(deleted.err()).isZero();
        assertThat(
                        client.pods()
                                .inNamespace(MastodonCluster.NAMESPACE)
                                .withLabel("cluster-name", MastodonCluster.SOURCE)
                                .list()
                                .getItems())
                .isEmpty();
        JsonNode kept = Cleanable.json(deleted).path("kept");
        assertThat(kept.findValuesAsText("name"))
                .anyMatch(n -> n.contains("pgdata-" + MastodonCluster.SOURCE + "-0 20Gi"));
        Program.Result verified = world.run("verify-clean");
        assertThat(verified.exit()).as(verified.err()).isZero();
        assertThat(Cleanable.json(verified).path("notes").toString()).contains("is deleted");
        assertThat(words(world)).isEmpty();
        assertThat(
                        world.rig
                                .lab
                                .applications()
                                .awaitServing(world.rig.lab.pods(), Duration.ofSeconds(30)))
                .isTrue();
    }
}
