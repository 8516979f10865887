package dev.switchback.schema;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A pair of {@code pg_dump} and {@code pg_restore} of one major.
 *
 * @param pgDump path of the program
 * @param pgRestore path of the program beside it
 * @param major for example 17
 */
public record ClientTools(Path pgDump, Path pgRestore, int major) {
    /** Environment variable naming the only folder to look into. */
    public static final String FOLDER_VARIABLE = "SWITCHBACK_PG_BIN";

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    /** Folders with a wildcard in their last but one or last part, by the packagers' habits. */
    private static final List<List<String>> PACKAGED =
            List.of(
                    List.of("/usr/lib/postgresql", "*", "bin"),
                    List.of("/usr", "pgsql-*", "bin"),
                    List.of("/opt/homebrew/opt", "postgresql@*", "bin"),
                    List.of("/opt/homebrew/opt", "libpq*", "bin"),
                    List.of("/usr/local/opt", "postgresql@*", "bin"),
                    List.of("/usr/local/opt", "libpq*", "bin"));

    /** All pairs on this machine, one per major, the highest first. */
    public static List<ClientTools> installed() {
        return installed(System.getenv());
    }

    static List<ClientTools> installed(Map<String, String> environment) {
        Map<Integer, ClientTools> byMajor = new TreeMap<>(Comparator.reverseOrder());
        for (Path folder : folders(environment)) {
            Path dump = folder.resolve("pg_dump");
            Path restore = folder.resolve("pg_restore");
            if (Files.isExecutable(dump) && Files.isExecutable(restore) && !isWrapper(dump)) {
                int major = major(dump);
                if (major > 0 && major == major(restore)) {
                    byMajor.putIfAbsent(major, new ClientTools(dump, restore, major));
                }
            }
        }
        return List.copyOf(byMajor.values());
    }

    /**
     * The pair to move a schema with: not older than the source, for {@code pg_dump} refuses newer
     * servers, and not newer than the target, which would refuse the settings it sends. The highest
     * that fits.
     *
     * @throws SwitchbackException PG_TOOLS, with what was found and what to install
     */
    public static ClientTools choose(int sourceMajor, int targetMajor) {
        return choose(installed(), sourceMajor, targetMajor);
    }

    static ClientTools choose(List<ClientTools> found, int sourceMajor, int targetMajor) {
        return found.stream()
                .filter(tools -> tools.major >= sourceMajor && tools.major <= targetMajor)
                .max(Comparator.comparingInt(ClientTools::major))
                .orElseThrow(() -> missing(found, sourceMajor, targetMajor));
    }

    /**
     * The pair for a backup that must go back to the source one day: the lowest that fits, because
     * the archive of a newer {@code pg_dump} sends settings that an older server does not know.
     *
     * @throws SwitchbackException PG_TOOLS, with what was found and what to install
     */
    public static ClientTools nearestSource(int sourceMajor, int targetMajor) {
        return nearestSource(installed(), sourceMajor, targetMajor);
    }

    static ClientTools nearestSource(List<ClientTools> found, int sourceMajor, int targetMajor) {
        return found.stream()
                .filter(tools -> tools.major >= sourceMajor && tools.major <= targetMajor)
                .min(Comparator.comparingInt(ClientTools::major))
                .orElseThrow(() -> missing(found, sourceMajor, targetMajor));
    }

    private static SwitchbackException missing(List<ClientTools> found, int source, int target) {
        String seen =
                found.isEmpty()
                        ? "none were found"
                        : "found: "
                                + found.stream()
                                        .map(tools ->
                                                tools.major + " in " + tools.pgDump.getParent())
                                        .collect(Collectors.joining(", "));
        return new SwitchbackException(
                Code.PG_TOOLS,
                "pg_dump and pg_restore",
                "need a major from " + source + " to " + target + "; " + seen,
                "install postgresql-client-"
                        + target
                        + " (Debian, PGDG) or postgresql"
                        + target
                        + " (RPM), or name their folder in "
                        + FOLDER_VARIABLE
                        + ", which is then the only one looked into");
    }

    private static Set<Path> folders(Map<String, String> environment) {
        Set<Path> folders = new LinkedHashSet<>();
        String named = environment.getOrDefault(FOLDER_VARIABLE, "");
        if (!named.isEmpty()) {
            return Set.of(Path.of(named));
        }
        for (String entry : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                folders.add(Path.of(entry));
            }
        }
        for (List<String> pattern : PACKAGED) {
            folders.addAll(matching(pattern));
        }
        return folders;
    }

    private static List<Path> matching(List<String> pattern) {
        List<Path> folders = new ArrayList<>();
        Path parent = Path.of(pattern.getFirst());
        if (Files.isDirectory(parent)) {
            try (DirectoryStream<Path> hits = Files.newDirectoryStream(parent, pattern.get(1))) {
                hits.forEach(hit -> folders.add(hit.resolve(pattern.getLast())));
            } catch (IOException unreadable) {
                // a folder we may not list holds no tools for us
            }
        }
        return folders;
    }

    /** Debian's {@code /usr/bin/pg_dump} chooses a version by itself; we choose. */
    private static boolean isWrapper(Path program) {
        try {
            return program.toRealPath().endsWith("pg_wrapper");
        } catch (IOException e) {
            return false;
        }
    }

    /** 0 when the program does not say. */
    private static int major(Path program) {
        try {
            Process process =
                    new ProcessBuilder(program.toString(), "--version")
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(10, TimeUnit.SECONDS);
            Matcher version = VERSION.matcher(said);
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
