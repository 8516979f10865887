package dev.switchback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.cli.App;
import dev.switchback.lab.demo.DemoCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * docs/guide-coverage.md: one row for each heading, checkbox and table of the guide that the
 * program replaces, either open or naming a command, tests and a place in the documents that are
 * really there. The guide's outline is a resource of this test, made once from the guide. It sits
 * in the lab, because the reports of the app's tests exist when the lab's tests run.
 */
class GuideCoverageTest {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#([^)]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+)$");
    private static final String OPEN = "open";

    private record Row(String guide, String command, String tests, String doc) {
        boolean open() {
            return command.equals(OPEN);
        }
    }

    @Test
    void everyLineOfTheGuidesOutlineHasExactlyOneRowAndNoRowIsExtra() throws Exception {
        assertThat(rows().stream().map(Row::guide)).containsExactlyElementsOf(outline());
    }

    @Test
    void anOpenRowClaimsNothing() throws Exception {
        assertThat(rows().stream().filter(Row::open))
                .allSatisfy(row -> {
                    assertThat(row.tests()).as(row.guide()).isEmpty();
                    assertThat(row.doc()).as(row.guide()).isNotEmpty();
                });
    }

    @Test
    void everyCommandNamedIsInTheHelp() throws Exception {
        CommandLine line = App.commandLine();
        line.addSubcommand(new DemoCommand());
        for (Row row : filled()) {
            List<String> commands = codes(row.command());
            assertThat(commands).as(row.guide()).isNotEmpty();
            for (String command : commands) {
                String[] words = command.split(" ");
                assertThat(line.getSubcommands()).as(row.guide()).containsKey(words[0]);
                CommandLine sub = Objects.requireNonNull(line.getSubcommands().get(words[0]));
                for (String option : Arrays.copyOfRange(words, 1, words.length)) {
                    assertThat(sub.getUsageMessage())
                            .as(row.guide() + ": " + command)
                            .contains(option);
                }
            }
        }
    }

    @Test
    void everyTestNamedIsThereIsNotDisabledAndRan() throws Exception {
        for (Row row : filled()) {
            List<String> tests = codes(row.tests());
            assertThat(tests).as(row.guide()).isNotEmpty();
            for (String test : tests) {
                Path source = source(test);
                String text = Files.readString(source);
                assertThat(text).as(test).doesNotContain("@Disabled");
                assertThat(text).as(test).containsPattern("@(Test|ParameterizedTest)\\b");
                assertRan(ROOT.relativize(source).getName(0).toString(), test);
            }
        }
    }

    @Test
    void everyPlaceNamedInTheDocumentsIsThere() throws Exception {
        for (Row row : rows()) {
            Matcher link = LINK.matcher(row.doc());
            boolean found = false;
            while (link.find()) {
                found = true;
                Path file = ROOT.resolve("docs").resolve(link.group(1)).normalize();
                assertThat(file).as(row.guide()).exists();
                if (link.group(2) != null) {
                    assertThat(anchors(Files.readString(file)))
                            .as(row.guide() + " in " + link.group(1))
                            .contains(link.group(2));
                }
            }
            assertThat(found || row.open()).as(row.guide() + " names a document").isTrue();
        }
    }

    /**
     * Reports tell who ran, when the whole module's tests have run: fewer reports than test classes
     * mean that somebody chose a few, or that this module is just running.
     */
    private static void assertRan(String module, String test) throws IOException {
        Path reports = ROOT.resolve(module).resolve("target/surefire-reports");
        if (!Files.isDirectory(reports)) {
            return;
        }
        Set<String> ran;
        try (Stream<Path> files = Files.list(reports)) {
            ran =
                    files.map(f -> f.getFileName().toString())
                            .filter(n -> n.startsWith("TEST-") && n.endsWith(".xml"))
                            .collect(Collectors.toSet());
        }
        long classes;
        try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
            classes = files.filter(f -> f.toString().endsWith("Test.java")).count();
        }
        if (module.equals("app") && ran.size() >= classes) {
            assertThat(ran).as("tests that ran").contains("TEST-dev.switchback." + test + ".xml");
        }
    }

    private static Path source(String test) {
        String file = "src/test/java/dev/switchback/" + test.replace('.', '/') + ".java";
        for (String module : List.of("app", "lab")) {
            Path source = ROOT.resolve(module).resolve(file);
            if (Files.exists(source)) {
                return source;
            }
        }
        throw new AssertionError("there is no test class dev.switchback." + test);
    }

    private static List<String> outline() throws IOException {
        try (var in =
                Objects.requireNonNull(
                        GuideCoverageTest.class.getResourceAsStream("/guide-outline.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static List<Row> filled() throws IOException {
        return rows().stream().filter(row -> !row.open()).toList();
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        boolean body = false;
        for (String line : Files.readAllLines(ROOT.resolve("docs/guide-coverage.md"))) {
            if (line.matches("\\|[-|]+\\|")) {
                body = true;
            } else if (body && line.startsWith("|")) {
                String inner = line.substring(1, line.lastIndexOf('|'));
                String[] cells =
                        Arrays.stream(inner.split("\\|", -1))
                                .map(String::strip)
                                .toArray(String[]::new);
                assertThat(cells).as(line).hasSize(4);
                rows.add(new Row(cells[0], cells[1], cells[2], cells[3]));
            }
        }
        return rows;
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(m -> m.group(1)).toList();
    }

    private static Set<String> anchors(String markdown) {
        return HEADING.matcher(markdown)
                .results()
                .map(m ->
                        m.group(1)
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                                .strip()
                                .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
