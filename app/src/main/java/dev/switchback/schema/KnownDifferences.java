package dev.switchback.schema;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Differences that are no damage: what majors define or print differently, and what a migration
 * leaves behind on purpose. A rule names the exact case; whatever no rule names is a difference.
 */
final class KnownDifferences {
    /** Kinds whose definition holds deparsed expressions. */
    private static final Set<String> DEPARSED =
            Set.of(
                    "view definition",
                    "rule",
                    "policy",
                    "constraint",
                    "column",
                    "index",
                    "function");

    /** A case that is known, and why. */
    private record Rule(String reason, Predicate<SchemaDifference> applies) {}

    private final List<Rule> rules;

    KnownDifferences(int source, int target) {
        rules =
                List.of(
                        new Rule(
                                "publications and subscriptions stay behind: their slots and subscribers belong to the source",
                                d ->
                                        Set.of("publication", "subscription").contains(d.kind())
                                                && d.target().isEmpty()),
                        new Rule(
                                "the target's server brings this version",
                                d ->
                                        d.kind().equals("extension version")
                                                && !d.source().isEmpty()
                                                && d.target().endsWith("installs)")),
                        new Rule(
                                "invalid on the source, where it enforces and serves nothing: pg_dump leaves it behind",
                                d ->
                                        d.kind().equals("index")
                                                && d.source().endsWith(" invalid")
                                                && d.target().isEmpty()),
                        new Rule(
                                "tablespaces stay behind",
                                d -> d.kind().equals("tablespace") && d.target().isEmpty()),
                        new Rule(
                                "only 17 and later know the MAINTAIN privilege",
                                d ->
                                        d.kind().equals("maintain privilege")
                                                && Math.min(source, target) < 17),
                        new Rule(
                                "only 18 and later keep NOT NULL as a constraint; the columns are compared",
                                d ->
                                        d.kind().equals("not null constraint")
                                                && Math.min(source, target) < 18),
                        new Rule(
                                "15 gave schema public to pg_database_owner and took CREATE from PUBLIC",
                                d -> source < 15 && target >= 15 && builtInPublic(d)),
                        new Rule(
                                "the majors print the same expression differently",
                                d ->
                                        source != target
                                                && DEPARSED.contains(d.kind())
                                                && bare(d.source()).equals(bare(d.target()))));
    }

    SchemaDifference judge(SchemaDifference difference) {
        for (Rule rule : rules) {
            if (rule.applies.test(difference)) {
                return new SchemaDifference(
                        difference.kind(),
                        difference.object(),
                        difference.source(),
                        (difference.target() + " (known: " + rule.reason + ")").strip(),
                        true);
            }
        }
        return difference;
    }

    /** Schema public exactly as initdb makes it, on both sides. */
    private static boolean builtInPublic(SchemaDifference d) {
        if (!d.object().equals("schema public")) {
            return false;
        }
        return switch (d.kind()) {
            case "owner" -> d.source().equals("postgres") && d.target().equals("pg_database_owner");
            case "grant" ->
                    d.source().equals("OWNER=CREATE,OWNER=USAGE,PUBLIC=CREATE,PUBLIC=USAGE")
                            && d.target().equals("OWNER=CREATE,OWNER=USAGE,PUBLIC=USAGE");
            default -> false;
        };
    }

    /** A definition without parentheses and white space. */
    private static String bare(String definition) {
        StringBuilder text = new StringBuilder();
        for (SqlText.Token token : SqlText.tokens(definition)) {
            if (!token.symbol('(') && !token.symbol(')')) {
                text.append(definition, token.start(), token.end()).append(' ');
            }
        }
        return text.toString();
    }
}
