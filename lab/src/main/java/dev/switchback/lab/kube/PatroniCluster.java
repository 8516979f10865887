package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Sql;
import io.fabric8.kubernetes.api.model.Pod;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Patroni on all members of one cluster, the leader first; there are no failovers in the lab.
 *
 * <p>A changed configuration is written to every member and reloaded; a member with a parameter
 * that waits for a restart says so in its pod's annotation {@code status}. Nothing restarts by
 * itself: that is the operator's.
 */
final class PatroniCluster {
    private static final Logger LOG = LoggerFactory.getLogger(PatroniCluster.class);

    /** Patroni's {@code loop_wait} is 10 s; the lab has no time for it. */
    private static final Duration LOOP_WAIT = Duration.ofSeconds(1);

    /** A reload is a signal; a new session shows what came of it soon after. */
    private static final Duration RELOAD = Duration.ofMillis(100);

    private final ClusterObjects objects;
    private final PatroniConfig config;
    private final List<Seat> seats;
    private String applied = PatroniObjects.CONFIG;
    private Instant due = Instant.MIN;

    /** A member and what its Patroni remembers of it. */
    private static final class Seat {
        final PatroniMember member;
        final PatroniSlots slots;
        long incarnation;
        boolean pendingRestart;

        Seat(PatroniMember member) {
            this.member = member;
            this.slots = new PatroniSlots(member);
            this.incarnation = member.incarnation();
        }

        void notice() {
            if (incarnation != member.incarnation()) {
                incarnation = member.incarnation();
                slots.readAgain();
            }
        }
    }

    PatroniCluster(ClusterObjects objects, String name, List<PatroniMember> members) {
        this.objects = objects;
        this.config = new PatroniConfig(objects, MastodonCluster.NAMESPACE, name);
        this.seats = members.stream().map(Seat::new).toList();
    }

    /** Whether this is the configuration that every member runs by, or waits for a restart for. */
    boolean hasApplied(String text) {
        return text.equals(applied);
    }

    /**
     * {@code POST /restart} on one member that waits for it, replicas first, as the operator goes
     * about it; false when none waits.
     */
    boolean restartNext() {
        Optional<Seat> next =
                seats.reversed().stream().filter(seat -> seat.pendingRestart).findFirst();
        if (next.isEmpty()) {
            return false;
        }
        Seat seat = next.get();
        say(seat.member, "restarting", true);
        seat.member.restart();
        seat.pendingRestart = false;
        say(seat.member, "running", false);
        seat.notice();
        due = Instant.MIN;
        return true;
    }

    /** Whether every member has looked at its slots since its start. */
    boolean hasSettled() {
        return due.isAfter(Instant.MIN);
    }

    /** One turn of the HA loop of every member; does nothing while there is nothing to do. */
    void loop(Instant now) {
        Optional<String> text = config.text();
        if (text.isEmpty() || !seats.stream().allMatch(s -> s.member.isRunning())) {
            return;
        }
        seats.forEach(Seat::notice);
        ObjectNode wanted = config.read().orElseThrow();
        boolean changed = !text.get().equals(applied);
        boolean reads = seats.stream().anyMatch(s -> s.slots.isDue());
        boolean turn = PatroniSlots.anyDeclared(wanted) && !now.isBefore(due);
        if (!changed && !turn && !(reads && !now.isBefore(due))) {
            return;
        }
        due = now.plus(LOOP_WAIT);
        try {
            if (changed) {
                reconfigure(wanted);
                applied = text.get();
            }
            sync(wanted);
        } catch (SQLException | SwitchbackException e) {
            // as Patroni: a server that does not answer is asked again in the next loop
            LOG.debug("the next loop tries again", e);
        }
    }

    private void reconfigure(ObjectNode wanted) throws SQLException {
        Map<String, String> parameters = PatroniConfig.parameters(wanted);
        seats.forEach(s -> s.member.configure(parameters));
        try {
            Thread.sleep(RELOAD);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        for (Seat seat : seats) {
            boolean waits = waits(seat.member);
            if (waits != seat.pendingRestart) {
                seat.pendingRestart = waits;
                say(seat.member, "running", waits);
            }
        }
    }

    private static boolean waits(PatroniMember member) throws SQLException {
        try (Connection c = member.connect("postgres")) {
            return !Sql.one(c, "SELECT count(*) FROM pg_settings WHERE pending_restart")
                    .equals("0");
        }
    }

    private void sync(ObjectNode wanted) throws SQLException {
        Seat leader = seats.getFirst();
        List<Seat> replicas = seats.subList(1, seats.size());
        leader.slots.lead(
                wanted,
                replicas.stream()
                        .map(s -> s.member.pod().replace('-', '_'))
                        .collect(Collectors.toSet()));
        for (Seat replica : replicas) {
            replica.slots.follow(wanted, leader.member);
        }
    }

    /** In the annotation of its pod; a pod that is written at the same time is told once more. */
    private void say(PatroniMember member, String state, boolean pendingRestart) {
        for (int attempt = 0; attempt < 5; attempt++) {
            Optional<Pod> pod =
                    objects.find(Kind.POD, MastodonCluster.NAMESPACE, member.pod())
                            .filter(p -> p.getMetadata().getAnnotations() != null);
            if (pod.isEmpty()) {
                return;
            }
            Map<String, String> annotations = pod.get().getMetadata().getAnnotations();
            ObjectNode status = (ObjectNode) Patches.read(annotations.getOrDefault("status", "{}"));
            status.put("state", state);
            if (pendingRestart) {
                status.put("pending_restart", true);
            } else {
                status.remove("pending_restart");
            }
            annotations.put("status", status.toString());
            if (objects.update(pod.get())) {
                return;
            }
        }
    }
}
