package dev.switchback.zalando;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Patroni says of itself in Kubernetes: annotations of the leader and config objects
 * (Endpoints {@code <c>} and {@code <c>-config}, or ConfigMaps {@code <c>-leader} and {@code
 * <c>-config}) and of its pods. The same as {@code GET :8008/cluster}, without a way to the pods;
 * up to {@code loop_wait} (10 s) old.
 *
 * @param leader the pod that holds the leader lock
 * @param acquired when it took it; empty where it cannot be read
 * @param renewed when it renewed it last
 * @param paused maintenance mode: no failover, and a stopped server stays stopped
 * @param switchover what a switchover is asked for; empty when none is
 * @param ignoreSlots as configured, JSON; empty when not
 */
public record Patroni(
        String leader,
        Optional<Instant> acquired,
        Optional<Instant> renewed,
        int ttlSeconds,
        boolean paused,
        String switchover,
        String ignoreSlots,
        List<Member> members) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Patroni's default {@code ttl}. */
    private static final int TTL = 30;

    /**
     * One pod.
     *
     * @param role of its label: {@code master}, {@code primary}, {@code standby_leader}, {@code
     *     replica}; empty while it has none
     * @param state {@code running}, {@code streaming}, {@code starting}…; empty when the pod says
     *     nothing
     * @param timeline 0 when it does not say
     * @param location bytes of WAL written or received; -1 when it does not say
     * @param address of the pod; empty while it has none
     * @param noFailover tagged never to become the leader: Patroni gives it no copies of slots
     */
    public record Member(
            String name,
            String address,
            boolean ready,
            String role,
            String state,
            int timeline,
            long location,
            boolean pendingRestart,
            boolean rollingUpdate,
            boolean noFailover) {
        public boolean isPrimary() {
            return role.equals("master") || role.equals("primary") || role.equals("standby_leader");
        }

        public boolean isRunning() {
            return state.equals("running") || state.equals("streaming");
        }
    }

    /** The leader's pod, where it is among those that exist. */
    public Optional<Member> leaderMember() {
        return members.stream().filter(m -> m.name().equals(leader)).findFirst();
    }

    /**
     * The other servers that may become the leader. A pod that shares the leader's address is not
     * another server.
     */
    public List<Member> replicas() {
        String address = leaderMember().map(Member::address).orElse("");
        return members.stream()
                .filter(m -> !m.name().equals(leader) && !m.noFailover())
                .filter(m -> m.address().isEmpty() || !m.address().equals(address))
                .toList();
    }

    /** The object that holds the leader lock, of whichever form. */
    static Optional<KubeObject> leaderObject(Kube kube, String namespace, String cluster) {
        return object(kube, Kind.ENDPOINTS, namespace, cluster, "leader")
                .or(() -> object(kube, Kind.CONFIG_MAP, namespace, cluster + "-leader", "leader"));
    }

    /** Empty when there is no leader object of either form. */
    static Optional<Patroni> read(Kube kube, String namespace, String cluster) {
        Optional<KubeObject> leader = leaderObject(kube, namespace, cluster);
        if (leader.isEmpty()) {
            return Optional.empty();
        }
        Optional<KubeObject> config =
                either(kube, leader.get().kind(), namespace, cluster + "-config");
        Optional<KubeObject> failover =
                either(kube, leader.get().kind(), namespace, cluster + "-failover");
        JsonNode settings = parse(config.flatMap(c -> c.annotation("config")).orElse("{}"));
        return Optional.of(
                new Patroni(
                        leader.get().annotation("leader").orElse(""),
                        time(leader.get(), "acquireTime"),
                        time(leader.get(), "renewTime"),
                        leader.get()
                                .annotation("ttl")
                                .filter(t -> t.matches("\\d{1,6}"))
                                .map(Integer::parseInt)
                                .orElse(TTL),
                        settings.path("pause").asBoolean(false),
                        failover.map(Patroni::asked).orElse(""),
                        settings.path("ignore_slots").isMissingNode()
                                ? ""
                                : settings.path("ignore_slots").toString(),
                        members(kube, namespace, cluster)));
    }

    private static Optional<KubeObject> either(
            Kube kube, Kind kind, String namespace, String name) {
        return kube.get(kind, namespace, name);
    }

    private static Optional<KubeObject> object(
            Kube kube, Kind kind, String namespace, String name, String annotation) {
        return kube.get(kind, namespace, name).filter(o -> o.annotation(annotation).isPresent());
    }

    private static String asked(KubeObject failover) {
        String member = failover.annotation("member").orElse("");
        String at = failover.annotation("scheduled_at").orElse("");
        return member.isEmpty() && at.isEmpty() && failover.annotation("leader").isEmpty()
                ? ""
                : "to "
                        + (member.isEmpty() ? "any member" : member)
                        + (at.isEmpty() ? "" : " at " + at);
    }

    private static List<Member> members(Kube kube, String namespace, String cluster) {
        List<Member> members = new ArrayList<>();
        // without application=spilo the poolers' pods would match too
        for (KubeObject pod :
                kube.list(
                        Kind.POD,
                        namespace,
                        Map.of("application", "spilo", "cluster-name", cluster))) {
            JsonNode status = parse(pod.annotation("status").orElse("{}"));
            members.add(
                    new Member(
                            pod.name(),
                            pod.status().path("podIP").asText(""),
                            pod.isReady(),
                            pod.label("spilo-role").orElse(""),
                            status.path("state").asText(""),
                            status.path("timeline").asInt(0),
                            status.path("xlog_location").asLong(-1),
                            status.path("pending_restart").asBoolean(false),
                            pod.annotation("zalando-postgres-operator-rolling-update-required")
                                    .filter(v -> v.equals("true"))
                                    .isPresent(),
                            status.path("tags").path("nofailover").asBoolean(false)));
        }
        return members;
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return JSON.missingNode(); // what it would have said is missing, and is told so
        }
    }

    private static Optional<Instant> time(KubeObject object, String annotation) {
        try {
            return object.annotation(annotation)
                    .map(text -> Instant.parse(text.replaceFirst("\\+00:?00$", "Z")));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
