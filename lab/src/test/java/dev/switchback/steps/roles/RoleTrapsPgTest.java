package dev.switchback.steps.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Finding;
import dev.switchback.engine.Observation;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.roles.RolePlan;
import dev.switchback.roles.RolePolicy;
import dev.switchback.roles.RoleTransfer;
import dev.switchback.steps.Findings;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoleTrapsPgTest {
    @Test
    void whatAPlanOfRolesCostsIsTold() throws Exception {
        try (PgServer server = PgServer.start(15)) {
            try (Connection postgres = server.connect("postgres")) {
                Sql.run(
                        postgres,
                        """
                        CREATE ROLE zalandos; CREATE ROLE robot_zmon;
                        CREATE ROLE app LOGIN PASSWORD 'app';
                        CREATE ROLE app251101 LOGIN PASSWORD 'rotated' IN ROLE app;
                        CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'boss';
                        CREATE ROLE follower LOGIN REPLICATION PASSWORD 'f';
                        CREATE ROLE cnpg_reports LOGIN PASSWORD 'r';
                        CREATE ROLE streaming_replica LOGIN PASSWORD 'r';
                        CREATE ROLE late LOGIN PASSWORD 'l' VALID UNTIL '2020-01-01';
                        CREATE ROLE soon LOGIN PASSWORD 's';
                        CREATE ROLE anna LOGIN PASSWORD 'a' IN ROLE zalandos;
                        CREATE ROLE bert_deleted LOGIN PASSWORD 'b';
                        DO $$ BEGIN EXECUTE format('ALTER ROLE soon VALID UNTIL %L', now() + interval '3 days'); END $$
                        """);
                Sql.run(postgres, "CREATE DATABASE shop OWNER app");
            }
            try (Connection shop = server.connect("shop");
                    Connection rotated =
                            Pg.open(
                                    server.superuser("shop")
                                            .withLogin("app251101", Secret.of("rotated")))) {
                Sql.run(shop, "CREATE TABLE item (id int)");
                Sql.run(shop, "GRANT SELECT ON item TO bert_deleted, robot_zmon, app");
                assertThat(rotated.isValid(5)).isTrue();
                RolePlan plan =
                        new RoleTransfer(RolePolicy.ZALANDO).plan(shop, shop, List.of("shop"));
                Findings findings = new Findings(List.of());
                RoleTraps traps = new RoleTraps(shop, plan);
                traps.look(List.of("shop"), findings);
                traps.grants("shop", Exclusions.spilo(), findings);
                assertThat(lines(findings))
                        .containsExactlyInAnyOrder(
                                "fail SB-321 boss",
                                "warn SB-321 follower",
                                "fail SB-322 cnpg_reports",
                                "fail SB-322 streaming_replica",
                                "fail SB-323 app251101",
                                "warn SB-323 postgres",
                                "warn SB-324 late",
                                "warn SB-324 soon",
                                "warn SB-321 anna",
                                "warn SB-321 shop bert_deleted");
            }
        }
    }

    private static List<String> lines(Findings findings) {
        List<Finding> found =
                findings.observation() instanceof Observation.Impossible impossible
                        ? impossible.findings()
                        : List.of();
        return found.stream()
                .map(f ->
                        f.level().word()
                                + " "
                                + f.problem().code().id()
                                + " "
                                + f.problem().object())
                .toList();
    }
}
