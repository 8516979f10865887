package dev.switchback.pg;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connection service files as libpq reads them: {@code [service]} and {@code keyword=value} lines,
 * values as they stand. The person's file is asked first, then the machine's.
 */
final class ServiceFile {
    /** Where packagers put libpq's system-wide folder, which libpq itself is built with. */
    private static final List<Path> PACKAGED =
            List.of(
                    Path.of("/etc/postgresql-common"),
                    Path.of("/etc/sysconfig/pgsql"),
                    Path.of("/usr/local/pgsql/etc"));

    private ServiceFile() {}

    /**
     * @param named the file of {@code servicefile} or PGSERVICEFILE, when given
     * @throws SwitchbackException SERVICE_NOT_FOUND, or CONNINFO_INVALID with file and line
     */
    static Map<String, String> read(
            String service, @Nullable String named, @Nullable String systemFolder, Path home) {
        List<Path> files = new ArrayList<>();
        Path own = named == null ? home.resolve(".pg_service.conf") : Path.of(named);
        if (named != null && !Files.exists(own)) {
            throw missing(service, "service file " + own + " does not exist");
        }
        files.add(own);
        for (Path folder : systemFolder == null ? PACKAGED : List.of(Path.of(systemFolder))) {
            files.add(folder.resolve("pg_service.conf"));
        }
        for (Path file : files) {
            @Nullable Map<String, String> found =
                    Files.exists(file) ? section(file, service) : null;
            if (found != null) {
                return found;
            }
        }
        throw missing(service, "no service file defines it; looked into " + files);
    }

    private static @Nullable Map<String, String> section(Path file, String service) {
        @Nullable Map<String, String> values = null;
        int number = 0;
        for (String raw : lines(file)) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                if (values != null) {
                    return values;
                }
                if (line.equals("[" + service + "]")) {
                    values = new LinkedHashMap<>();
                }
            } else if (values != null) {
                entry(values, line, file + " line " + number);
            }
        }
        return values;
    }

    private static void entry(Map<String, String> values, String line, String place) {
        int equals = line.indexOf('=');
        String keyword = equals < 0 ? "" : line.substring(0, equals);
        if (keyword.equals("service") || keyword.equals("servicefile")) {
            throw invalid(place, "a service cannot name another service");
        }
        if (!ConninfoKeywords.known(keyword)) {
            throw invalid(place, "not a line of the form keyword=value with a known keyword");
        }
        values.putIfAbsent(keyword, line.substring(equals + 1));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new SwitchbackException(
                    new dev.switchback.fault.Problem(
                            Code.CONNINFO_INVALID,
                            file.toString(),
                            "cannot read the service file: " + e,
                            "make it a readable text file"),
                    e);
        }
    }

    private static SwitchbackException invalid(String place, String what) {
        return new SwitchbackException(Code.CONNINFO_INVALID, place, what, "correct the line");
    }

    private static SwitchbackException missing(String service, String what) {
        return new SwitchbackException(
                Code.SERVICE_NOT_FOUND,
                "service " + service,
                what,
                "define it in ~/.pg_service.conf, or name its file in PGSERVICEFILE");
    }
}
