package dev.switchback.steps.access;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.steps.Findings;
import dev.switchback.zalando.Patroni;
import dev.switchback.zalando.Patroni.Member;
import dev.switchback.zalando.ZalandoCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The source rests: one primary, the leader of Patroni, and nothing about to change that. */
final class SettledSource {
    /** A leader that is younger may still be followed by another. */
    private static final Duration FRESH_LEADER = Duration.ofSeconds(30);

    /** Beyond the leader's ttl, for clocks that differ. */
    private static final Duration CLOCKS = Duration.ofSeconds(60);

    private static final long LAG_BYTES = 64L * 1024 * 1024;
    private static final String WHY =
            "a failover during the migration ends the fence's sessions and can lose what was just"
                    + " acknowledged";

    private final ZalandoCluster source;
    private final Findings findings;

    SettledSource(ZalandoCluster source, Findings findings) {
        this.source = source;
        this.findings = findings;
    }

    void look() throws InterruptedException {
        Optional<Patroni> found = source.patroni();
        if (found.isEmpty()) {
            findings.unknown(
                    problem(
                            Code.NOT_READABLE,
                            "neither Endpoints "
                                    + source.name()
                                    + " nor ConfigMap "
                                    + source.name()
                                    + "-leader carry Patroni's leader",
                            "kubectl get endpoints,configmaps -n "
                                    + source.namespace()
                                    + " -l cluster-name="
                                    + source.name()));
            return;
        }
        Patroni patroni = found.get();
        leader(patroni);
        cluster(patroni);
        patroni.members().forEach(member -> member(patroni, member));
        Polls.stable(source.display(), () -> state(source), findings);
        findings.saw("leader", patroni.leader());
        findings.saw(
                "members",
                patroni.members().stream()
                        .map(m -> m.name() + " " + m.role() + " " + m.state())
                        .collect(Collectors.joining(", ")));
        if (!patroni.ignoreSlots().isEmpty()) {
            findings.saw("ignoreSlots", patroni.ignoreSlots());
        }
    }

    private static String state(ZalandoCluster source) {
        return source.status()
                + source.patroni()
                        .map(p ->
                                ", leader "
                                        + p.leader()
                                        + " since "
                                        + p.acquired().map(Instant::toString).orElse("?")
                                        + ", primary "
                                        + primaries(p))
                        .orElse(", no leader");
    }

    private static List<String> primaries(Patroni patroni) {
        return patroni.members().stream().filter(Member::isPrimary).map(Member::name).toList();
    }

    private void leader(Patroni patroni) {
        List<String> primaries = primaries(patroni);
        if (primaries.size() != 1) {
            findings.fail(
                    problem(
                            Code.PRIMARY_AMBIGUOUS,
                            primaries.isEmpty()
                                    ? "no pod has the label spilo-role=master"
                                    : "several pods have the label spilo-role=master: "
                                            + String.join(", ", primaries),
                            "kubectl get pods -n "
                                    + source.namespace()
                                    + " -l application=spilo,cluster-name="
                                    + source.name()
                                    + " -L spilo-role, and wait until one is the primary"));
        } else if (!primaries.getFirst().equals(patroni.leader())) {
            findings.fail(
                    unsettled(
                            "Patroni's leader is "
                                    + patroni.leader()
                                    + ", but the primary's label is on "
                                    + primaries.getFirst(),
                            "wait until the failover has ended"));
        }
        Instant now = Instant.now();
        patroni.acquired()
                .map(t -> Duration.between(t, now))
                .filter(age -> age.compareTo(FRESH_LEADER) < 0 && !age.isNegative())
                .ifPresent(age ->
                        findings.block(
                                unsettled(
                                        patroni.leader()
                                                + " became the leader "
                                                + age.toSeconds()
                                                + " s ago",
                                        "wait half a minute, and find out why it failed over")));
        patroni.renewed()
                .map(t -> Duration.between(t, now))
                .filter(age ->
                        age.compareTo(Duration.ofSeconds(patroni.ttlSeconds()).plus(CLOCKS)) > 0)
                .ifPresent(age ->
                        findings.block(
                                unsettled(
                                        "Patroni has not renewed its leader lock for "
                                                + age.toSeconds()
                                                + " s (ttl "
                                                + patroni.ttlSeconds()
                                                + " s)",
                                        "see the log of pod "
                                                + patroni.leader()
                                                + ": without the lock the primary steps down")));
    }

    private void cluster(Patroni patroni) {
        if (patroni.paused()) {
            findings.block(
                    unsettled(
                            "Patroni is paused (maintenance mode)",
                            "kubectl exec -n "
                                    + source.namespace()
                                    + " "
                                    + patroni.leader()
                                    + " -- patronictl resume"));
        }
        if (!patroni.switchover().isEmpty()) {
            findings.block(
                    unsettled(
                            "a switchover is asked for, " + patroni.switchover(),
                            "let it happen, or patronictl flush " + source.name() + " switchover"));
        }
        int asked = source.object().spec().path("numberOfInstances").asInt(1);
        if (patroni.members().size() != asked) {
            findings.block(
                    unsettled(
                            patroni.members().size() + " pods exist, numberOfInstances is " + asked,
                            "wait until the operator has made or removed the others"));
        }
    }

    private void member(Patroni patroni, Member member) {
        String remedy =
                "kubectl describe pod "
                        + member.name()
                        + " -n "
                        + source.namespace()
                        + ", and wait or mend it";
        if (!member.ready()) {
            findings.block(unsettled("pod " + member.name() + " is not ready", remedy));
        } else if (member.state().isEmpty()) {
            findings.unknown(
                    problem(
                            Code.NOT_READABLE,
                            "pod " + member.name() + " tells no Patroni state (annotation status)",
                            remedy));
        } else if (!member.isRunning()) {
            findings.block(
                    unsettled("member " + member.name() + " is '" + member.state() + "'", remedy));
        }
        if (member.pendingRestart() || member.rollingUpdate()) {
            findings.warn(
                    unsettled(
                            "pod " + member.name() + " waits for a restart",
                            "patronictl restart "
                                    + source.name()
                                    + " "
                                    + member.name()
                                    + " before the migration, or the operator does it during it"));
        }
        Optional<Member> leader =
                patroni.members().stream()
                        .filter(m -> m.name().equals(patroni.leader()))
                        .findFirst();
        if (leader.isEmpty() || member.equals(leader.get())) {
            return;
        }
        if (member.timeline() > 0
                && leader.get().timeline() > 0
                && member.timeline() != leader.get().timeline()) {
            findings.block(
                    unsettled(
                            "member "
                                    + member.name()
                                    + " is on timeline "
                                    + member.timeline()
                                    + ", the leader on "
                                    + leader.get().timeline(),
                            "patronictl reinit " + source.name() + " " + member.name()));
        }
        long lag = leader.get().location() - member.location();
        if (member.location() >= 0 && lag > LAG_BYTES) {
            findings.warn(
                    unsettled(
                            "member " + member.name() + " lags by " + lag / 1024 / 1024 + " MiB",
                            "wait until it has caught up: a failover to it would lose writes"));
        }
    }

    private Problem unsettled(String what, String remedy) {
        return problem(Code.CLUSTER_UNSETTLED, what, remedy);
    }

    private Problem problem(Code code, String what, String remedy) {
        return new Problem(code, source.display(), what, remedy, WHY);
    }
}
