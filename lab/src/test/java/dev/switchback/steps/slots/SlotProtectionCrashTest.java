package dev.switchback.steps.slots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.Await;
import dev.switchback.pg.Lsn;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What real Patroni does to slots, and what our steps make of it. Slow: restarts and failovers. */
@Tag("boundaries")
@Timeout(420)
@Tag("long")
class SlotProtectionCrashTest {
    private static final String SECOND = "switchback_0f0e0d0c_f_00000002";

    private SourceRig rig;
    private PatroniSource source;

    @BeforeEach
    void start() throws Exception {
        rig = new SourceRig();
        source = rig.source;
        source.run(source.leader(), "postgres", "CREATE DATABASE shop");
        source.run(source.leader(), "postgres", "CREATE DATABASE stock");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private String slots(int member) throws Exception {
        return source.one(
                member,
                "postgres",
                "SELECT coalesce(string_agg(slot_name, ',' ORDER BY slot_name), '') FROM pg_replication_slots WHERE plugin IS NOT NULL");
    }

    private Lsn position(int member, String slot) throws Exception {
        return Lsn.parse(
                source.one(
                        member,
                        "postgres",
                        "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '"
                                + slot
                                + "'"));
    }

    /** What is written in Kubernetes reaches Patroni a moment later. */
    private void awaitSettings(JsonNode expected) throws Exception {
        Await.until(
                "Patroni's settings are " + expected,
                Duration.ofSeconds(15),
                () -> source.config().equals(expected));
    }

    @Test
    void declaredSlotsSurviveRestartAndFailoverUndeclaredOnesDoNotAndUndoLeavesNothing()
            throws Exception {
        int old = source.leader();
        int other = source.replica();
        JsonNode specBefore = rig.mirror.spec();

        StepRun wal = new StepRun(new EnableLogicalWal(rig.world()), Map.of());
        wal.forward();
        for (int member : new int[] {1, 2}) {
            assertThat(source.one(member, "postgres", "SHOW wal_level")).isEqualTo("logical");
        }
        assertThat(source.leader()).as("no failover by it").isEqualTo(old);
        assertThat(wal.notes).anyMatch(n -> n.contains("restarts PostgreSQL on every member"));
        assertThat(rig.mirror.spec().at("/postgresql/parameters/wal_level").asText())
                .isEqualTo("logical");

        source.patch("{\"ignore_slots\":[{\"name\":\"somebody_elses\"}]}");
        Await.until(
                "Kubernetes shows it", // the real one is where Patroni keeps it
                Duration.ofSeconds(15),
                () -> rig.mirror.settings().toString().contains("somebody_elses"));
        JsonNode settingsBefore = source.config();
        Facts first = rig.slot("shop", SourceRig.SLOT);
        // the second keeps younger catalog rows: nobody reads the first meanwhile
        source.run(old, "shop", "CREATE TABLE between_the_slots (id int)");
        Facts second = rig.slot("stock", SECOND);
        source.run(
                old, "shop", "SELECT pg_create_logical_replication_slot('stray', 'test_decoding')");
        StepRun protect = new StepRun(new ProtectSlot(rig.world()), SourceRig.made(first, second));
        Facts evidence = protect.forward();
        assertThat(evidence.require("failoverSafe")).isEqualTo(PatroniSource.pod(other));
        assertThat(slots(other)).contains(SourceRig.SLOT, SECOND);
        assertThat(position(old, SourceRig.SLOT)).isEqualTo(Lsn.parse(first.require("lsn.shop")));
        assertThat(source.config().path("ignore_slots").toString())
                .contains("somebody_elses", SourceRig.SLOT, SECOND);

        assertThat(source.restart(old, "{}")).isEqualTo(200);
        source.awaitStreaming();
        Await.until(
                "the undeclared slot is dropped",
                Duration.ofSeconds(30),
                () -> slots(old).equals(SourceRig.SLOT + "," + SECOND));
        assertThat(position(old, SourceRig.SLOT)).isEqualTo(Lsn.parse(first.require("lsn.shop")));

        source.run(old, "shop", "SELECT pg_create_logical_replication_slot('stray', 'pgoutput')");
        source.kill(old);
        source.awaitLeaderAfter(old);
        assertThat(slots(other)).isEqualTo(SourceRig.SLOT + "," + SECOND);
        assertThat(position(other, SECOND)).isEqualTo(Lsn.parse(second.require("lsn.stock")));
        source.startAgain();
        source.awaitStreaming();

        assertThatThrownBy(wal::undo)
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.LOGICAL_SLOTS_LEFT);
                            assertThat(e.getMessage()).contains(SourceRig.SLOT);
                        });
        protect.undo();
        protect.undo(); // idempotent
        assertThat(slots(old)).as("no copy left on the replica").isEmpty();
        assertThat(slots(other)).as("create-slot drops its own").contains(SourceRig.SLOT);
        awaitSettings(settingsBefore);
        source.run(
                other,
                "postgres",
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE plugin IS NOT NULL");

        wal.undo();
        for (int member : new int[] {1, 2}) {
            assertThat(source.one(member, "postgres", "SHOW wal_level")).isEqualTo("replica");
        }
        assertThat(rig.mirror.spec()).isEqualTo(specBefore);
    }

    @Test
    void aSlotThatIsNotAsItWasMadeIsNeverDeclaredAndAnAbsentOperatorIsNoObstacleToUndo()
            throws Exception {
        int leader = source.leader();
        new StepRun(new EnableLogicalWal(rig.world()), Map.of()).forward();
        JsonNode specBefore = rig.mirror.spec();
        JsonNode settingsBefore = source.config();
        Facts made = rig.slot("shop", SourceRig.SLOT);
        String drop = "SELECT pg_drop_replication_slot('" + SourceRig.SLOT + "')";
        source.run(leader, "shop", drop);
        ProtectSlot step = new ProtectSlot(rig.world());
        StepRun gone = new StepRun(step, SourceRig.made(made));
        assertThat(gone.observe())
                .isInstanceOfSatisfying(
                        Observation.Impossible.class,
                        i -> assertThat(i.problems().getFirst().code()).isEqualTo(Code.SLOT_LOST));

        source.run(leader, "shop", "CREATE TABLE missed (id int)");
        Facts anew = rig.slot("shop", SourceRig.SLOT);
        assertThatThrownBy(() -> step.apply(gone)).hasMessageContaining("made it anew");
        assertThat(rig.mirror.spec()).isEqualTo(specBefore);

        StepRun protect = new StepRun(step, SourceRig.made(anew));
        protect.forward();
        rig.mirror.operatorAway(true);
        protect.undo();
        rig.mirror.operatorAway(false);
        assertThat(rig.mirror.spec()).isEqualTo(specBefore);
        awaitSettings(settingsBefore);
        assertThat(slots(source.replica())).isEmpty();
    }
}
