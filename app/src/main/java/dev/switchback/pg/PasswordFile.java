package dev.switchback.pg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code ~/.pgpass} as libpq reads it: {@code host:port:database:user:password} lines, {@code *}
 * for anything, backslash before a colon or backslash; the first line that fits wins. A file that
 * others can read is ignored with a warning.
 */
final class PasswordFile {
    private static final Set<PosixFilePermission> PRIVATE =
            EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE);

    private PasswordFile() {}

    /** Null when no line fits, or when there is no file that may be used. */
    static @Nullable Secret find(Path file, List<String> wanted, Consumer<String> warnings) {
        try {
            if (!usable(file, warnings)) {
                return null;
            }
            for (String line : Files.readAllLines(file)) {
                List<String> fields = line.startsWith("#") ? List.of() : fields(line);
                if (fields.size() >= wanted.size() + 1 && fits(fields, wanted)) {
                    return Secret.of(fields.get(wanted.size()));
                }
            }
        } catch (IOException e) {
            warnings.accept("password file " + file + " cannot be read and is ignored");
        }
        return null;
    }

    private static boolean usable(Path file, Consumer<String> warnings) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        if (!Files.isRegularFile(file)) {
            warnings.accept("password file " + file + " is not a plain file and is ignored");
            return false;
        }
        if (Files.getFileStore(file).supportsFileAttributeView("posix")
                && !PRIVATE.containsAll(Files.getPosixFilePermissions(file))) {
            warnings.accept(
                    "password file "
                            + file
                            + " has group or world access and is ignored; permissions should be"
                            + " u=rw (0600) or less");
            return false;
        }
        return true;
    }

    private static boolean fits(List<String> fields, List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!fields.get(i).equals("*") && !fields.get(i).equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                field.append(line.charAt(++i));
            } else if (c == ':') {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
