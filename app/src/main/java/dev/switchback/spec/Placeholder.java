package dev.switchback.spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a template of an announcement may name, as {@code {{migration}}}; the same facts are a
 * hook's environment and the generic document.
 */
public enum Placeholder {
    MIGRATION("migration", "metadata.name"),
    NAMESPACE("namespace", "metadata.namespace"),
    MOMENT("moment", "the moment's word: t-0, before-cutover"),
    PHASE("phase", "the phase that the moment belongs to, or the one under way; empty outside one"),
    STEP("step", "the step under way; empty between two"),
    ATTEMPT("attempt", "number of the forward try"),
    RUN("run", "id of the process"),
    STRATEGY("strategy", "offline or online"),
    SOURCE("source", "namespace/name of the Zalando cluster"),
    TARGET("target", "namespace/name of the CNPG cluster"),
    LIVE_SIDE("liveSide", "source, target, or none while neither may be written"),
    NOW("now", "the time, UTC"),
    CUTOVER_AT("cutoverAt", "when the service will be stopped, UTC; empty when nobody said"),
    PREDICTED_DOWNTIME("predictedDowntime", "the downtime that is expected, in words"),
    PREDICTED_END("predictedEnd", "until when, by the upper end of the prediction, UTC"),
    DOWNTIME("downtime", "the downtime so far, or all of it once it is over, in words"),
    RESULT("result", "how it ended: migrated, released, aborted, returned, stayed"),
    REASON("reason", "why everything is put back"),
    ROLLBACK("rollback", "what going back would cost: free, withData, loses-writes, impossible"),
    ISSUES("issues", "what the run warned of, one after the other; none when there is nothing");

    /** Anything in double braces; what is not one of ours is an error. */
    public static final Pattern IN_TEXT = Pattern.compile("\\{\\{(.*?)}}", Pattern.DOTALL);

    private final String word;
    private final String meaning;

    Placeholder(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    public String word() {
        return word;
    }

    public String meaning() {
        return meaning;
    }

    /** Its variable in a hook's environment: {@code SWITCHBACK_LIVE_SIDE}. */
    public String variable() {
        return "SWITCHBACK_" + name();
    }

    public static Optional<Placeholder> of(String word) {
        return Arrays.stream(values()).filter(p -> p.word.equals(word)).findFirst();
    }

    /** What a text has in double braces and no placeholder is. */
    public static List<String> unknown(String text) {
        List<String> unknown = new ArrayList<>();
        Matcher named = IN_TEXT.matcher(text);
        while (named.find()) {
            if (of(named.group(1)).isEmpty()) {
                unknown.add(named.group(1));
            }
        }
        String rest = named.replaceAll("");
        if (rest.contains("{{") || rest.contains("}}")) {
            unknown.add("{{");
        }
        return unknown;
    }
}
