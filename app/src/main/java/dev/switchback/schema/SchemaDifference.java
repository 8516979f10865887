package dev.switchback.schema;

/**
 * One thing that two databases define differently.
 *
 * @param kind what kind of thing: {@code table}, {@code grant}, {@code owner}, {@code comment}
 * @param object its name, quoted where SQL needs it
 * @param source how the source defines it; empty when it is not there
 * @param target how the target defines it; empty when it is not there. Of a known difference the
 *     reason stands behind it
 * @param known whether the two majors, or what a migration leaves behind on purpose, explain it
 */
public record SchemaDifference(
        String kind, String object, String source, String target, boolean known) {

    /** One sentence for people. */
    public String text() {
        String name = kind + " " + object;
        if (source.isEmpty()) {
            return name + ": only on the target [" + target + "]";
        }
        if (target.isEmpty() || (known && target.startsWith("("))) {
            return name + ": missing on the target [" + source + "] " + target;
        }
        return name + ": source [" + source + "], target [" + target + "]";
    }
}
