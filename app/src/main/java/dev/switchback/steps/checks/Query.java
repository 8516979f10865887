package dev.switchback.steps.checks;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Sql;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Texts of this room's queries. Lists are written in as array literals, because a list is needed in
 * several places of one query: {@code schemas}, {@code extensions} and {@code roles} that stay
 * behind, {@code databases} that move, {@code tablespaces} of the target.
 */
final class Query {
    private final Exclusions exclusions;
    private final List<String> databases;
    private final List<String> tablespaces;

    Query(Exclusions exclusions, List<String> databases, List<String> tablespaces) {
        this.exclusions = exclusions;
        this.databases = List.copyOf(databases);
        this.tablespaces = List.copyOf(tablespaces);
    }

    /**
     * @param name of the resource, without {@code .sql}
     */
    String text(String name) {
        return Sql.resource(Query.class, name + ".sql")
                .replace(
                        "/*schemas*/",
                        array(
                                Stream.concat(exclusions.schemas().stream(), Stream.of(Ours.SCHEMA))
                                        .toList()))
                .replace("/*extensions*/", array(exclusions.extensions()))
                .replace("/*roles*/", array(exclusions.roles()))
                .replace("/*databases*/", array(databases))
                .replace("/*tablespaces*/", array(tablespaces));
    }

    private static String array(Collection<String> names) {
        return names.stream()
                .sorted()
                .map(Sql::literal)
                .collect(Collectors.joining(", ", "ARRAY[", "]::text[]"));
    }
}
