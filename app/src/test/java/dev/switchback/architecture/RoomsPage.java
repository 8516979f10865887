package dev.switchback.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rooms and doors as docs/architecture.md states them: the page is the law that {@link
 * RoomsTest} enforces, so it cannot say something else than the code does.
 */
final class RoomsPage {
    private static final Pattern DOOR = Pattern.compile("([a-z][a-z.]*|Main)(?: \\(([^)]*)\\))?");

    private final String page;

    RoomsPage() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("docs/architecture.md"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("docs/architecture.md is not found");
        }
        try {
            page = Files.readString(folder.resolve("docs/architecture.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What one room may depend on.
     *
     * @param doors room to the only classes that may be used of it; none named means all
     */
    record Room(String name, Map<String, Set<String>> doors) {}

    /** From the top down, as the page lists them. */
    List<Room> rooms() {
        List<Room> rooms = new ArrayList<>();
        for (String[] cells : table("## Rooms")) {
            rooms.add(new Room(cells[0].replace("`", ""), doors(cells[2])));
        }
        return rooms;
    }

    /** Library package to the rooms that may use it. */
    Map<String, Set<String>> libraries() {
        Map<String, Set<String>> libraries = new LinkedHashMap<>();
        for (String[] cells : table("## Libraries")) {
            libraries.put(cells[0].replace("`", ""), doors(cells[1]).keySet());
        }
        return libraries;
    }

    private static Map<String, Set<String>> doors(String cell) {
        Map<String, Set<String>> doors = new LinkedHashMap<>();
        Matcher matcher = DOOR.matcher(cell.replace("`", ""));
        while (matcher.find()) {
            String only = matcher.group(2);
            doors.put(
                    matcher.group(1),
                    only == null ? Set.of() : Set.copyOf(Arrays.asList(only.split(", *"))));
        }
        return doors;
    }

    private List<String[]> table(String heading) {
        int start = page.indexOf("\n" + heading + "\n");
        if (start < 0) {
            throw new IllegalStateException("docs/architecture.md has no " + heading);
        }
        List<String[]> rows = new ArrayList<>();
        boolean body = false;
        for (String line : page.substring(start + heading.length() + 2).split("\n")) {
            if (line.startsWith("#")) {
                break;
            }
            if (line.matches("\\|[-|: ]+\\|")) {
                body = true;
            } else if (body && line.startsWith("|")) {
                String inner = line.substring(1, line.lastIndexOf('|'));
                rows.add(
                        Arrays.stream(inner.split("\\|", -1))
                                .map(String::strip)
                                .toArray(String[]::new));
            }
        }
        return rows;
    }
}
