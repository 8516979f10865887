package dev.switchback.diagnose;

import dev.switchback.diagnose.Cause.Because;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The shapes that most rules have: a finding of a check, a failure of a run, a line of a log. */
final class Signs {
    private Signs() {}

    /** A check fails with one of these codes; its own remedy is the command. */
    static Cause.Rule check(String... codes) {
        return evidence ->
                evidence.of(Topic.CHECK)
                        .filter(c -> c.is("level", "fail"))
                        .filter(c -> List.of(codes).contains(c.text("code")))
                        .map(c ->
                                new Because(
                                        c.object(),
                                        c.text("check")
                                                + " says "
                                                + c.text("code")
                                                + ": "
                                                + c.text("what"),
                                        c.text("remedy")));
    }

    /** The last run ended with one of these codes and did not get over it. */
    static Cause.Rule failed(String command, String... codes) {
        return failed(j -> List.of(codes).contains(j.text("code")), command);
    }

    /** The last run ended with words like these. */
    static Cause.Rule failedWith(String words, String command) {
        Pattern pattern = Pattern.compile(words, Pattern.CASE_INSENSITIVE);
        return failed(j -> pattern.matcher(j.text("problem")).find(), command);
    }

    private static Cause.Rule failed(Predicate<Seen> how, String command) {
        return evidence ->
                evidence.of(Topic.JOURNAL)
                        .filter(j -> j.has("code"))
                        .filter(how)
                        .map(j ->
                                new Because(
                                        "the run of " + j.text("at"), j.text("problem"), command));
    }

    /**
     * Lines of a log complain about it.
     *
     * @param roles whose pods; empty for all
     */
    static Cause.Rule log(String kind, List<String> roles, String command) {
        return evidence ->
                evidence.of(Topic.LOG)
                        .filter(l -> l.is("kind", kind))
                        .filter(l -> roles.isEmpty() || roles.contains(l.text("role")))
                        .map(l ->
                                new Because(
                                        l.object(),
                                        l.text("lines")
                                                + " lines in its log, the last: "
                                                + l.text("last"),
                                        command));
    }

    /** Whatever any of them finds. */
    static Cause.Rule any(Cause.Rule... rules) {
        return evidence -> Stream.of(rules).flatMap(rule -> rule.in(evidence));
    }

    /** Pods of a role whose container ended like this. */
    static Cause.Rule ended(String role, String how, String command) {
        Pattern pattern = Pattern.compile(how);
        return evidence ->
                evidence.of(Topic.POD)
                        .filter(p -> p.is("role", role))
                        .filter(p ->
                                pattern.matcher(p.text("last") + " " + p.text("waiting")).find())
                        .map(p ->
                                new Because(
                                        p.object(),
                                        (p.text("waiting")
                                                        + " "
                                                        + p.text("last")
                                                        + ", "
                                                        + p.text("restarts")
                                                        + " restarts, memory limit "
                                                        + (p.has("memoryLimit")
                                                                ? p.text("memoryLimit")
                                                                : "none"))
                                                .strip(),
                                        command));
    }

    static Stream<Seen> server(Evidence evidence, String side) {
        return evidence.of(Topic.SERVER).filter(s -> s.object().equals(side));
    }

    static Stream<Seen> cluster(Evidence evidence, String side) {
        return evidence.of(Topic.CLUSTER).filter(c -> c.object().equals(side));
    }

    /** Our own login is refused for one of these reasons, by code or SQLSTATE. */
    static Cause.Rule refused(String side, List<String> reasons, String command) {
        return evidence ->
                server(evidence, side)
                        .filter(s -> s.is("reachable", "false"))
                        .filter(s ->
                                reasons.contains(s.text("state"))
                                        || (reasons.contains(s.text("code"))
                                                && !s.is("state", FULL)))
                        .map(s -> new Because(side + "'s primary", s.text("words"), command));
    }

    /** PostgreSQL's SQLSTATE for "too many connections". */
    static final String FULL = "53300";
}
