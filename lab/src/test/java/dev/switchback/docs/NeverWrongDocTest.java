package dev.switchback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.lab.traps.Trap;
import dev.switchback.lab.traps.TrapDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/never-wrong.md names every trap and every item, and only tests and traps that exist. */
class NeverWrongDocTest {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    /** What issue 4 lists under "Never wrong". */
    private static final List<String> ITEMS =
            List.of(
                    "DateStyle, IntervalStyle, TimeZone, search_path set on role, database or server",
                    "owner with FORCE ROW LEVEL SECURITY",
                    "regclass column",
                    "enum, domain, composite, array of enum, range",
                    "multirange",
                    "hstore, citext, ltree, cube",
                    "bit, money, json, jsonb, tsvector, inet, uuid, 1-byte \"char\", binary in bytea",
                    "xml",
                    "numeric NaN and ±Infinity",
                    "infinity and BC dates",
                    "empty string beside NULL, control characters",
                    "dropped columns, generated and identity columns",
                    "column order differing",
                    "negative, descending, cycling, never-called, unreadable sequences",
                    "tables without PK with duplicate rows",
                    "zero-column tables",
                    "partitioned tables: range, list, hash, nested",
                    "inherited tables",
                    "unlogged tables",
                    "deferrable, exclusion, NOT VALID constraints",
                    "circular foreign keys",
                    "expression, partial, covering, GIN, GiST, BRIN, hash indexes",
                    "invalid indexes",
                    "materialized views depending on each other",
                    "event triggers, rules",
                    "policies",
                    "comments, default privileges",
                    "extended statistics, collations, text search configurations, casts, operators, aggregates, FDW servers",
                    "large objects with foreign owners and ACLs",
                    "quoted names",
                    "extension configuration tables",
                    "SQL_ASCII source",
                    "rows mostly outside their table, wide tables, rows up to 200 MB",
                    "fault: connection reset mid-COPY",
                    "fault: target restart",
                    "fault: target disk full",
                    "fault: source standby",
                    "fault: statement_timeout on the role",
                    "fault: kill -9 and restart, quiet source",
                    "fault: kill -9 and restart, live source",
                    "fault: a worker's failure stops the others with one error",
                    "change by hand: row, owner, index definition, sequence");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A row of the table of items. */
    private record Row(String item, List<String> traps, List<String> tests, String pairs) {}

    @Test
    void everyItemOfTheIssueHasARowWithATestAndItsPairs() throws IOException {
        List<Row> rows = rows();
        assertThat(rows).extracting(Row::item).containsAll(ITEMS);
        assertThat(rows)
                .allSatisfy(row -> {
                    assertThat(row.tests()).as(row.item()).isNotEmpty();
                    assertThat(row.pairs()).as(row.item()).isNotBlank();
                });
    }

    @Test
    void everyTrapHasARowAndNoRowNamesAnother() throws IOException {
        assertThat(rows().stream().flatMap(row -> row.traps().stream()).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        TrapDatabase.traps().stream().map(Trap::id).toList());
    }

    @Test
    void everyTestThatIsNamedExistsAndIsATest() throws IOException {
        Map<String, String> sources = sources();
        for (Row row : rows()) {
            for (String test : row.tests()) {
                String[] names = test.split("\\.");
                assertThat(names).as(test).hasSize(2);
                assertThat(sources).as(test).containsKey(names[0]);
                assertThat(sources.getOrDefault(names[0], ""))
                        .as(test)
                        .containsPattern(
                                "@Test(Factory)?\\s+(@Tag\\(\"boundaries\"\\)\\s+)?"
                                        + "(void|Stream<DynamicNode>) "
                                        + names[1]
                                        + "\\(");
            }
        }
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(ROOT.resolve("docs/never-wrong.md"))) {
            if (line.startsWith("| Item |")) {
                inside = true;
            } else if (!line.startsWith("|")) {
                inside = false;
            } else if (inside && !line.startsWith("|---")) {
                String[] cells = line.split("\\|", -1);
                assertThat(cells).as(line).hasSize(6);
                rows.add(
                        new Row(
                                cells[1].strip(),
                                code(cells[2]),
                                code(cells[3]),
                                cells[4].strip()));
            }
        }
        return rows;
    }

    private static List<String> code(String cell) {
        List<String> found = new ArrayList<>();
        Matcher matcher = CODE.matcher(cell);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** Class name → its source, of all tests. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : List.of("app", "lab")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        files.filter(f -> f.getFileName().toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    sources.put(name, Files.readString(file));
                }
            }
        }
        return sources;
    }
}
