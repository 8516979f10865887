package dev.switchback.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Problem;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Large objects behind the fence, as pg_dump reads them. */
class LargeObjectReadingPgTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static PgServer server;
    private FencedShop shop;

    @BeforeAll
    static void startServer() throws SQLException {
        server = PgServer.start(15);
        FencedShop.createRoles(server);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createShop() throws SQLException {
        shop = FencedShop.create(server, "shop" + NUMBER.incrementAndGet());
    }

    private Connection superuser() throws SQLException {
        Connection session = shop.login(FencedShop.SUPERUSER);
        Sql.run(session, "SET default_transaction_read_only = off; SET lock_timeout = '300ms'");
        return session;
    }

    private static void assertWaits(Connection session, String statement) {
        assertThatThrownBy(() -> Sql.run(session, statement))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
    }

    @Test
    void theyAreReadWhileLetAndProvenUnchangedAfterwards() throws Exception {
        try (Fence fence = shop.fence()) {
            Map<String, String> recorded = fence.record();
            FenceProof proof = fence.raise(Stopper.NEVER);
            try (Connection session = superuser()) {
                assertWaits(session, "SELECT lo_get(4242)");

                fence.letLargeObjectsBeRead(shop.database);
                assertThat(Sql.one(session, "SELECT convert_from(lo_get(4242), 'UTF8')"))
                        .isEqualTo("large");
                assertThat(fence.check()).isEmpty();
                assertWaits(session, "SELECT lo_create(0)");
                assertWaits(session, "SELECT lo_unlink(4242)");

                fence.refuseLargeObjects(shop.database, Stopper.NEVER);
                assertThat(fence.check()).isEmpty();
                assertWaits(session, "SELECT lo_put(4242, 0, 'x')");
            }
            QuietProof later = fence.quiet(proof.quiet().fencedAt(), Stopper.NEVER);
            assertThat(proof.quiet().changesUntil(later)).isEmpty();
            fence.lower(recorded);
        }
    }

    @Test
    void aSuperusersWriteMeanwhileIsFoundAndAnUncommittedOneIsEnded() throws Exception {
        try (Fence fence = shop.fence()) {
            Map<String, String> recorded = fence.record();
            FenceProof proof = fence.raise(Stopper.NEVER);
            fence.letLargeObjectsBeRead(shop.database);
            try (Connection half = superuser()) {
                half.setAutoCommit(false);
                Sql.run(half, "SELECT lo_put(4242, 0, 'y')");

                fence.refuseLargeObjects(shop.database, Stopper.NEVER);
                assertThatThrownBy(half::commit).isInstanceOf(SQLException.class);
                assertThat(changes(fence, proof)).isEmpty();
            }
            fence.letLargeObjectsBeRead(shop.database);
            try (Connection session = superuser()) {
                Sql.run(session, "SELECT lo_put(4242, 0, 'x')");
            }
            fence.refuseLargeObjects(shop.database, Stopper.NEVER);
            assertThat(changes(fence, proof))
                    .singleElement()
                    .satisfies(p -> assertThat(p.what()).contains("large objects changed"));
            fence.lower(recorded);
        }
    }

    private static List<Problem> changes(Fence fence, FenceProof proof)
            throws InterruptedException {
        return proof.quiet().changesUntil(fence.quiet(proof.quiet().fencedAt(), Stopper.NEVER));
    }
}
