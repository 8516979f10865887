package dev.switchback.workload;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sha256;
import dev.switchback.spec.EndpointFile;
import dev.switchback.spec.Migration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files under Git where writers learn their database: what would change, changing it, and
 * putting the exact bytes back. A file that somebody else changed since it was captured is never
 * overwritten, in neither direction.
 */
public final class EndpointFiles {
    /** What is kept of a file must fit into our Secret, attempt after attempt. */
    static final int LIMIT = 32 * 1024;

    private final Migration migration;
    private final EndpointNames names;

    public EndpointFiles(Migration migration, EndpointNames names) {
        this.migration = migration;
        this.names = names;
    }

    /**
     * One value of one file; only the Service names in it are told.
     *
     * @param before the old names
     * @param after the new ones
     */
    public record Change(EndpointFile file, String key, String before, String after) {}

    /**
     * What is kept before a file is edited.
     *
     * @param content its bytes in base64, since they may hold secrets and need be no text
     * @param sha256 of the bytes as they are
     * @param rewritten of the bytes as we will write them
     */
    public record Kept(Secret content, String sha256, String rewritten) {}

    public List<EndpointFile> all() {
        return migration.endpoints().files();
    }

    /** The values still to change, from a fresh read; empty when every file names the target. */
    public List<Change> pending() {
        List<Change> changes = new ArrayList<>();
        for (EndpointFile file : all()) {
            changes.addAll(changes(file, read(file)));
        }
        return changes;
    }

    private List<Change> changes(EndpointFile file, EnvFile content) {
        return content.entries().stream()
                .filter(entry -> asked(file, entry))
                .filter(entry -> !names.namesIn(entry.value()).isEmpty())
                .map(entry ->
                        new Change(
                                file,
                                entry.key(),
                                String.join(",", names.namesIn(entry.value())),
                                String.join(
                                        ",",
                                        names.namesIn(entry.value()).stream()
                                                .map(n ->
                                                        migration
                                                                .endpoints()
                                                                .map()
                                                                .getOrDefault(n, n))
                                                .toList())))
                .toList();
    }

    private static boolean asked(EndpointFile file, EnvFile.Entry entry) {
        return file.keys().isEmpty() || file.keys().contains(entry.key());
    }

    /** Whether a file gives this key this value, so that editing it changes what a writer reads. */
    public boolean gives(String key, String value) {
        return all().stream()
                .anyMatch(file ->
                        read(file).entries().stream()
                                .anyMatch(entry ->
                                        asked(file, entry)
                                                && entry.key().equals(key)
                                                && entry.value().equals(value)));
    }

    /** Everything about the files that would keep us from editing them. Writes nothing. */
    public List<Problem> problems() {
        return all().stream().flatMap(file -> problems(file).stream()).toList();
    }

    private List<Problem> problems(EndpointFile file) {
        EnvFile content;
        try {
            content = read(file);
        } catch (SwitchbackException e) {
            return e.problems();
        }
        List<Problem> problems = new ArrayList<>();
        notWritable(file).forEach(problems::add);
        for (int line : content.unreadable()) {
            problems.add(
                    new Problem(
                            Code.ENDPOINT_FILE,
                            file.path() + ":" + line,
                            "this line is not KEY=value",
                            "correct the line; configMapGenerator would refuse it, too"));
        }
        for (String key : file.keys()) {
            List<EnvFile.Entry> found =
                    content.entries().stream().filter(e -> e.key().equals(key)).toList();
            if (found.isEmpty()) {
                problems.add(missing(file, "has no key '" + key + "'", "spec.endpoints.in[].keys"));
            } else if (found.stream().noneMatch(e -> names(e.value()))) {
                problems.add(
                        missing(
                                file,
                                "key '" + key + "' names none of the mapped Services",
                                "spec.endpoints.map"));
            }
        }
        if (file.keys().isEmpty() && content.entries().stream().noneMatch(e -> names(e.value()))) {
            problems.add(
                    missing(file, "no key names one of the mapped Services", "spec.endpoints.map"));
        }
        return problems;
    }

    private boolean names(String value) {
        return !names.namesIn(value).isEmpty() || names.namesTarget(value);
    }

    private static Problem missing(EndpointFile file, String what, String field) {
        return new Problem(
                Code.ENDPOINT_MISSING, file.path(), what, "correct the file or " + field);
    }

    private static Stream<Problem> notWritable(EndpointFile file) {
        List<Path> refused = new ArrayList<>();
        try {
            Path real = file.file().toRealPath();
            for (Path path : Stream.of(real, real.getParent()).toList()) {
                if (path != null && !Files.isWritable(path)) {
                    refused.add(path);
                }
            }
        } catch (IOException e) {
            refused.add(file.file());
        }
        return refused.stream()
                .map(path ->
                        new Problem(
                                Code.ENDPOINT_FILE_READ_ONLY,
                                file.path(),
                                path + " is not writable for us",
                                "chmod u+w it, or run as its owner from a checkout that may be written",
                                "it is edited while the service is stopped; too late to find out then"));
    }

    private static EnvFile read(EndpointFile file) {
        try {
            if (!Files.isRegularFile(file.file())) {
                throw new SwitchbackException(
                        Code.ENDPOINT_FILE,
                        file.path(),
                        Files.exists(file.file())
                                ? "is no file"
                                : "there is no such file (looked for " + file.file() + ")",
                        "correct spec.endpoints.in[].file, or run from a checkout that holds it");
            }
            if (Files.size(file.file()) > LIMIT) {
                throw new SwitchbackException(
                        Code.ENDPOINT_FILE,
                        file.path(),
                        "is larger than "
                                + LIMIT
                                + " bytes, so it could not be kept to be restored",
                        "name the file that holds the endpoints only");
            }
            return EnvFile.of(Files.readAllBytes(file.file()));
        } catch (IOException e) {
            throw new SwitchbackException(
                    Code.ENDPOINT_FILE,
                    file.path(),
                    "cannot be read: " + FileSwap.words(e),
                    "make it readable for us");
        }
    }

    /** What must be kept before {@link #write}. */
    public Kept keep(EndpointFile file) {
        EnvFile content = read(file);
        return new Kept(
                Secret.of(content.base64()), content.sha256(), rewritten(file, content).sha256());
    }

    /** The name under which our Secret keeps a file of an attempt. */
    public static String storedName(int attempt, EndpointFile file) {
        String name = String.valueOf(file.file().getFileName());
        return "a"
                + attempt
                + ".File."
                + Sha256.hex(file.path()).substring(0, 12)
                + "."
                + name.substring(Math.max(0, name.length() - 100));
    }

    /**
     * Points the file at the target; nothing is written when it does already.
     *
     * @param old its bytes as captured, in base64
     * @throws SwitchbackException ENDPOINT_FILE_CHANGED when it is neither as captured nor as we
     *     write it
     */
    public void write(EndpointFile file, Secret old) {
        EnvFile before = EnvFile.ofBase64(old.reveal());
        EnvFile after = rewritten(file, before);
        String now = read(file).sha256();
        if (now.equals(after.sha256())) {
            return;
        }
        if (!now.equals(before.sha256())) {
            throw changed(file, "run the same command again: it captures the file afresh");
        }
        FileSwap.replace(file.file(), after.bytes());
    }

    /**
     * Whether the file is as captured, or somebody else changed it and every endpoint in it has its
     * old value again: then there is nothing of ours to take back.
     */
    public boolean restored(EndpointFile file, Secret old) {
        EnvFile before = EnvFile.ofBase64(old.reveal());
        EnvFile now = read(file);
        return now.sha256().equals(before.sha256())
                || endpoints(file, now).equals(endpoints(file, before));
    }

    /**
     * Puts the exact bytes back, unless they are there.
     *
     * @param rewritten digest of what we wrote
     * @throws SwitchbackException ENDPOINT_FILE_CHANGED when somebody else changed it since
     */
    public void restore(EndpointFile file, Secret old, String rewritten) {
        if (restored(file, old)) {
            return;
        }
        if (!read(file).sha256().equals(rewritten)) {
            throw changed(
                    file,
                    "make its endpoints name the source by hand, and run the same command again");
        }
        FileSwap.replace(file.file(), EnvFile.ofBase64(old.reveal()).bytes());
    }

    private List<String> endpoints(EndpointFile file, EnvFile content) {
        return content.entries().stream()
                .filter(e -> asked(file, e) && names(e.value()))
                .map(e -> e.key() + "=" + e.value())
                .toList();
    }

    private EnvFile rewritten(EndpointFile file, EnvFile content) {
        return content.rewritten(file.keys(), names, migration.namespace());
    }

    private static SwitchbackException changed(EndpointFile file, String remedy) {
        return new SwitchbackException(
                Code.ENDPOINT_FILE_CHANGED,
                file.path(),
                "was changed by somebody else since it was captured; it is left as it is",
                remedy);
    }
}
