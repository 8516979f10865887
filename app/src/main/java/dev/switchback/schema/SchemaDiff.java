package dev.switchback.schema;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names what two databases define differently, object by object.
 *
 * <ol>
 *   <li>Both sides' fingerprints, and what stands beside them, are read as key → definition.
 *   <li>What says the same thing twice is made one: an owner is told as an owner and not again in
 *       grants, a column's place in its table is told once for the table.
 *   <li>Keys whose definitions differ, or that one side lacks, are differences; parts of something
 *       that is missing as a whole are not told beside it.
 *   <li>{@link KnownDifferences} marks those that are no damage.
 * </ol>
 *
 * <p>Sequence positions and rows are not definitions. Values of options and of custom parameters
 * appear only as hashes.
 */
public final class SchemaDiff {
    private SchemaDiff() {}

    /**
     * All differences, by kind and name; known ones included.
     *
     * @param source a session in the source database; its {@code search_path} is changed and set
     *     back
     * @param target the same on the target
     */
    public static List<SchemaDifference> between(
            Connection source, Connection target, Exclusions exclusions) throws SQLException {
        OwnedDefinitions there = OwnedDefinitions.read(source, exclusions);
        OwnedDefinitions here = OwnedDefinitions.read(target, exclusions);
        KnownDifferences known = new KnownDifferences(Pg.major(source), Pg.major(target));
        FunctionBodies bodies = new FunctionBodies(source, target);
        List<SchemaDifference> differences =
                new ArrayList<>(ColumnPlaces.takeOut(there.definitions(), here.definitions()));
        Set<String> keys = new TreeSet<>(there.definitions().keySet());
        keys.addAll(here.definitions().keySet());
        for (String key : keys) {
            boolean both =
                    there.definitions().containsKey(key) && here.definitions().containsKey(key);
            // what an owner that stays behind may do is not told on the side that has it
            boolean ownerless = there.ownerExcluded(key) || here.ownerExcluded(key);
            String wanted = there.definition(key, ownerless);
            String found = here.definition(key, ownerless);
            if (both && wanted.equals(found)) {
                continue;
            }
            DefinitionKey name = DefinitionKey.of(key);
            if (both && name.kind().equals("function")) {
                differences.add(bodies.name(name.object(), wanted, found));
            } else {
                differences.add(
                        new SchemaDifference(
                                name.kind(),
                                name.object(),
                                shown(there.definitions().containsKey(key), wanted),
                                shown(here.definitions().containsKey(key), found),
                                false));
            }
        }
        return withoutParts(differences).stream()
                .map(known::judge)
                .sorted(
                        Comparator.comparing(SchemaDifference::kind)
                                .thenComparing(SchemaDifference::object))
                .toList();
    }

    /** Something that is there without any text of its own is still there. */
    private static String shown(boolean present, String definition) {
        return present && definition.isEmpty() ? "present" : definition;
    }

    private static List<SchemaDifference> withoutParts(List<SchemaDifference> differences) {
        List<SchemaDifference> missing =
                differences.stream()
                        .filter(d -> d.source().isEmpty() || d.target().isEmpty())
                        .toList();
        return differences.stream()
                .filter(d ->
                        missing.stream()
                                .noneMatch(whole ->
                                        whole.source().isEmpty() == d.source().isEmpty()
                                                && whole.target().isEmpty() == d.target().isEmpty()
                                                && key(d).partOf(key(whole))))
                .filter(d ->
                        !d.kind().equals("view columns")
                                || differences.stream()
                                        .noneMatch(o ->
                                                o.kind().equals("view definition")
                                                        && o.object().equals(d.object())))
                .toList();
    }

    private static DefinitionKey key(SchemaDifference difference) {
        return new DefinitionKey(difference.kind(), difference.object());
    }
}
