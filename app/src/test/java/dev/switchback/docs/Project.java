package dev.switchback.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The repository's files, found from wherever the test runs; Markdown read as far as tests need.
 */
public final class Project {
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+)$");

    private Project() {}

    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null) {
            if (Files.isDirectory(folder.resolve("app"))
                    && Files.isDirectory(folder.resolve("lab"))) {
                return folder;
            }
            folder = folder.getParent();
        }
        throw new IllegalStateException("the tests run outside the repository");
    }

    static Path file(String path) {
        return root().resolve(path);
    }

    public static String text(String path) {
        try {
            return Files.readString(file(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void write(String path, String text) {
        try {
            Files.writeString(file(path), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every file under a folder whose name ends so. */
    static List<Path> files(String folder, String suffix) {
        try (Stream<Path> files = Files.walk(file(folder))) {
            return files.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cells of every table row below a heading, header and rule left out. */
    public static List<List<String>> rows(String markdown, String heading) {
        int start = markdown.indexOf("\n" + heading + "\n");
        if (start < 0) {
            throw new IllegalArgumentException("there is no heading '" + heading + "'");
        }
        List<List<String>> rows = new ArrayList<>();
        boolean table = false;
        for (String line : markdown.substring(start + heading.length() + 2).split("\n")) {
            if (line.startsWith("#")) {
                break;
            }
            if (!line.startsWith("|")) {
                table = false;
            } else if (line.matches("\\|[-|: ]+\\|")) {
                table = true;
            } else if (table) {
                rows.add(cells(line));
            }
        }
        return rows;
    }

    private static List<String> cells(String line) {
        String inner = line.strip().substring(1, line.strip().length() - 1);
        return Arrays.stream(inner.split("(?<!\\\\)\\|", -1))
                .map(cell -> cell.strip().replace("\\|", "|"))
                .toList();
    }

    /** The anchors that GitHub makes of a document's headings. */
    static List<String> anchors(String markdown) {
        Matcher heading = HEADING.matcher(markdown);
        List<String> anchors = new ArrayList<>();
        while (heading.find()) {
            anchors.add(anchor(heading.group(1)));
        }
        return anchors;
    }

    static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replace("`", "")
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .strip()
                .replace(' ', '-');
    }
}
