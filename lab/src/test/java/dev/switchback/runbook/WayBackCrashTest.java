package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.Outcome;
import dev.switchback.engine.Phase;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.lab.Await;
import dev.switchback.lab.demo.OpenSides;
import dev.switchback.lab.demo.Program;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.mastodon.MastodonSchema;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Going back: from prepared, from the middle of the downtime, and after the commit point. */
@Tag("boundaries")
class WayBackCrashTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String CATALOG =
            """
            SELECT 'role ' || rolname || ' ' || rolcanlogin || rolsuper || rolcreatedb || rolcreaterole
              || rolinherit || rolreplication || rolconnlimit FROM pg_roles
              WHERE rolname NOT LIKE 'pg\\_%' AND rolname <> 'cnpg_lab'
            UNION ALL SELECT 'member ' || roleid::regrole || ' ' || member::regrole FROM pg_auth_members
              WHERE roleid >= 16384
            UNION ALL SELECT 'database ' || datname || ' ' || datdba::regrole FROM pg_database
            UNION ALL SELECT 'setting ' || setdatabase || ' ' || setrole || array_to_string(setconfig, ',')
              FROM pg_db_role_setting
            UNION ALL SELECT 'shared comment ' || description FROM pg_shdescription
              WHERE description LIKE '%switchback%'
            ORDER BY 1
            """;

    private static final String CONTENT =
            """
            SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
              WHERE n.nspname !~ '^(pg_|information_schema)'
            UNION ALL SELECT 'schema ' || nspname || ' ' || nspowner::regrole FROM pg_namespace
              WHERE nspname !~ '^pg_'
            UNION ALL SELECT 'extension ' || extname FROM pg_extension
            UNION ALL SELECT 'function ' || oid::regprocedure FROM pg_proc WHERE oid >= 16384
            ORDER BY 1
            """;

    private static List<String> target(Rig rig) throws Exception {
        List<String> all = new ArrayList<>();
        try (Connection postgres = rig.lab.target().connect("postgres");
                Connection mastodon = rig.lab.target().connect("mastodon")) {
            all.addAll(Sql.list(postgres, CATALOG, row -> row.getString(1)));
            all.addAll(Sql.list(mastodon, CONTENT, row -> row.getString(1)));
        }
        return all;
    }

    private static boolean superuserAccess(Rig rig) {
        var cluster =
                rig.lab
                        .kube()
                        .client()
                        .genericKubernetesResources("postgresql.cnpg.io/v1", "Cluster")
                        .inNamespace(MastodonCluster.NAMESPACE)
                        .withName(MastodonCluster.TARGET)
                        .get();
        return cluster.get("spec") instanceof Map<?, ?> spec
                && Boolean.TRUE.equals(spec.get("enableSuperuserAccess"));
    }

    @Test
    void abortAfterPrepareLeavesTheTargetAsItWas() throws Exception {
        try (Rig rig = new Rig()) {
            List<String> before = target(rig);
            boolean superuserBefore = superuserAccess(rig);
            RunResult prepared =
                    rig.migrate(rig.lab.document(), book -> book, o -> o.withUntil(Phase.PREPARE));
            assertThat(prepared.outcome())
                    .as("%s", prepared.problems())
                    .isEqualTo(Outcome.STOPPED_AT_PHASE);
            assertThat(superuserAccess(rig)).isTrue();
            assertThat(target(rig)).isNotEqualTo(before);

            Program.Result aborted = rig.start("abort").await(60);
            assertThat(aborted.exit()).as(aborted.err()).isZero();
            assertThat(JSON.readTree(aborted.out()).path("result").asText()).isEqualTo("aborted");
            assertThat(superuserAccess(rig)).isEqualTo(superuserBefore);
            assertThat(rig.lab.settings()).isEqualTo(rig.lab.originalSettings());
            assertThat(target(rig)).isEqualTo(before);
            rig.assertSourceServes();
        }
    }

    @Test
    void rollbackIsAskedOfTheHolderFreeBeforeTheCommitAndCountedAfterIt() throws Exception {
        try (Rig rig = new Rig()) {
            CountDownLatch copied = new CountDownLatch(1);
            CompletableFuture<RunResult> held =
                    CompletableFuture.supplyAsync(() -> rig.migrate(book -> heldUp(book, copied)));
            assertThat(copied.await(60, TimeUnit.SECONDS)).isTrue();
            Program.Result asked = rig.start("rollback").await(60);
            assertThat(asked.exit()).as(asked.err()).isZero();
            assertThat(JSON.readTree(asked.out()).path("result").asText()).isEqualTo("rolledBack");
            assertThat(held.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.RELEASED);
            rig.assertSourceServes();

            RunResult done = rig.migrate();
            assertThat(done.outcome()).as("%s", done.problems()).isEqualTo(Outcome.COMPLETED);
            assertThat(rig.lab.applications().awaitServing(rig.lab.pods(), Duration.ofSeconds(30)))
                    .isTrue();
            long acknowledged = rig.lab.ledger().acknowledgedWrites();
            Await.until(
                    "the applications write on the target",
                    Duration.ofSeconds(20),
                    () -> rig.lab.ledger().acknowledgedWrites() > acknowledged + 20);

            Program.Result closed =
                    rig.start(
                                    "close-rollback",
                                    "--without-backup",
                                    "--confirm",
                                    MastodonCluster.SOURCE)
                            .await(60);
            assertThat(closed.exit()).as(closed.err()).isZero();
            Program.Result refused = rig.start("rollback").await(60);
            assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
            Matcher count = Pattern.compile("at least (\\d+) writes").matcher(refused.err());
            assertThat(count.find()).as(refused.err()).isTrue();
            assertThat(Long.parseLong(count.group(1))).isPositive();
            assertThat(OpenSides.of(rig.lab)).isEqualTo(new OpenSides(false, true));

            ownerCredentialsSurviveARestart(rig);

            // killed in the middle of the way back, and begun again
            Program.Running killed = rig.start("rollback", "--accept-data-loss");
            rig.awaitBegun(killed, "return-stop-writers");
            killed.kill();
            killed.await(30);
            assertThat(OpenSides.of(rig.lab).both()).isFalse();
            assertThat(rig.journal().status()).isEqualTo(Status.RETURNING);
            Program.Result back = rig.start("rollback", "--accept-data-loss").await(60);
            assertThat(back.exit()).as(back.err()).isZero();
            assertThat(JSON.readTree(back.out()).path("result").asText()).isEqualTo("returned");
            rig.assertSourceServes();
        }
    }

    /**
     * CNPG applies its owner's Secret again at every start: the applications' password it must be.
     */
    private static void ownerCredentialsSurviveARestart(Rig rig) throws Exception {
        rig.lab.target().stop();
        rig.lab.target().restart();
        String before = verifier(rig);
        rig.lab.controllers().restartCnpgInstance(MastodonCluster.TARGET);
        Await.until(
                "the operator applied the owner's Secret again",
                Duration.ofSeconds(20),
                () -> !verifier(rig).equals(before));
        for (Map.Entry<String, Secret> login :
                Map.of(
                                MastodonSchema.OWNER, MastodonSchema.OWNER_PASSWORD,
                                MastodonSchema.READONLY, MastodonSchema.READONLY_PASSWORD)
                        .entrySet()) {
            try (Connection c =
                    Pg.open(
                            rig.lab
                                    .target()
                                    .superuser("mastodon")
                                    .withLogin(login.getKey(), login.getValue()))) {
                assertThat(Sql.one(c, "SELECT current_user")).isEqualTo(login.getKey());
            }
        }
    }

    /** A run that stays in the downtime until it is asked to stop. */
    private static Runbook heldUp(Runbook book, CountDownLatch copied) {
        return Rig.with(
                book,
                "copy-tables",
                step -> AlteredStep.thenHangs(step, copied::countDown, Duration.ofSeconds(60)));
    }

    private static String verifier(Rig rig) throws Exception {
        try (Connection c = rig.lab.target().connect("postgres")) {
            return Sql.one(c, "SELECT rolpassword FROM pg_authid WHERE rolname = 'mastodon'");
        }
    }
}
