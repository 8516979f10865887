package dev.switchback.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FenceAttackPgTest {

    @ParameterizedTest
    @CsvSource({"15, 8500", "17, 1000", "13, 1000"})
    void nothingIsAcknowledgedToApplicationOwnerOrSuperuserAfterTheProof(int major, long millis)
            throws Exception {
        try (PgServer server = PgServer.start(major)) {
            FencedShop.createRoles(server);
            FencedShop shop = FencedShop.create(server, "shop");
            try (Fence fence = shop.fence();
                    Attack attack = new Attack(shop, 4)) {
                Map<String, String> recorded = fence.record();
                await(() -> attack.acknowledged.size() > 200);

                FenceProof proof = fence.raise(Stopper.NEVER);
                long proven = System.nanoTime();
                Map<String, String> contents = shop.contents();

                long attempts = attack.attempts();
                Thread.sleep(Duration.ofMillis(millis));
                assertThat(fence.check()).isEmpty();
                assertThat(attack.attempts()).isGreaterThan(attempts + 100);
                attack.stop();

                assertThat(attack.acknowledged).filteredOn(a -> a.began() - proven > 0).isEmpty();
                assertThat(shop.contents()).isEqualTo(contents);
                assertThat(
                                proof.quiet()
                                        .changesUntil(
                                                fence.quiet(
                                                        proof.quiet().fencedAt(), Stopper.NEVER)))
                        .isEmpty();
                System.out.printf(
                        "fence under attack on %d: raised in %s, %d tables, %d sessions ended, %d attempts refused%n",
                        major,
                        proof.took(),
                        proof.tables(),
                        proof.terminated(),
                        attack.attempts() - attempts);

                fence.lower(recorded);
                try (Connection c = shop.login(FencedShop.APPLICATION)) {
                    Sql.run(c, "INSERT INTO scratch VALUES (7)");
                }
            }
        }
    }

    static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}
