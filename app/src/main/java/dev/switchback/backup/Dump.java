package dev.switchback.backup;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One database's archive, written and not yet proven.
 *
 * <p>The proof, from what lies at the place:
 *
 * <ol>
 *   <li>The table of contents names every table, sequence position, materialized view and the large
 *       objects that the catalog of the dumped snapshot names; a directory has a file for each
 *       table.
 *   <li>Definitions and the rows of the key tables are restored into a scratch database, from the
 *       first byte to the last; a stream's digest must be the one that was written.
 *   <li>Every key table holds as many rows there as the snapshot did.
 * </ol>
 */
public final class Dump {
    private final Place place;
    private final String name;
    private final String archive;
    private final ConnectionSpec source;
    private final SafetyBackup.Manner manner;
    private final Contents contents;
    private final String digest;
    private final long bytes;

    Dump(
            Place place,
            String name,
            String archive,
            ConnectionSpec source,
            SafetyBackup.Manner manner,
            Contents contents,
            String digest,
            long bytes) {
        this.place = place;
        this.name = name;
        this.archive = archive;
        this.source = source;
        this.manner = manner;
        this.contents = contents;
        this.digest = digest;
        this.bytes = bytes;
    }

    /**
     * @param entries of the table of contents
     * @param keyRows rows of the key tables, restored and counted, by name
     */
    public record Proof(int entries, int tables, Map<String, Long> keyRows) {}

    /** Its name at the place. */
    public String archive() {
        return archive;
    }

    public long bytes() {
        return bytes;
    }

    /** SHA-256 of its bytes; empty for a directory. */
    public String digest() {
        return digest;
    }

    /** Whether there is a key table in this database, so that a scratch database is needed. */
    public boolean hasKeyTables() {
        return !contents.keyRows().isEmpty();
    }

    /**
     * @param scratch an empty database that may be filled; null when {@link #hasKeyTables} is false
     * @throws SwitchbackException BACKUP_NOT_PROVEN, BACKUP_BUCKET
     */
    public Proof prove(@Nullable ConnectionSpec scratch, Stopper stopper)
            throws InterruptedException {
        try {
            TableOfContents toc = TableOfContents.parse(list("", stopper));
            List<String> missing = new ArrayList<>(toc.missing(contents));
            missing.addAll(missingFiles(toc));
            if (!missing.isEmpty()) {
                throw notProven(
                        "lacks "
                                + missing.size()
                                + " of what the catalog holds: "
                                + String.join(
                                        ", ", missing.subList(0, Math.min(5, missing.size()))));
            }
            Map<String, Long> rows = new TreeMap<>();
            if (scratch != null && hasKeyTables()) {
                List<String> entries =
                        toc.proof(list("pre-data", stopper), contents, manner.exclusions());
                restore(entries, scratch, stopper);
                rows.putAll(count(scratch));
            } else if (!digest.isEmpty()) {
                compare(null, List.of(), stopper);
            }
            long tables = contents.entries().stream().filter(e -> e.kind().equals("TABLE")).count();
            return new Proof(toc.size(), (int) tables, rows);
        } catch (IOException e) {
            throw new SwitchbackException(
                    new Problem(
                            Code.BACKUP_NOT_PROVEN,
                            display(),
                            "cannot be read back: " + e,
                            "see that it stays readable, then run again"),
                    e);
        }
    }

    private String list(String section, Stopper stopper) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(manner.pgRestore().toString(), "--list"));
        if (!section.isEmpty()) {
            command.add("--section=" + section);
        }
        PipedProgram program = new PipedProgram(Code.BACKUP_NOT_PROVEN, display(), stopper);
        if (digest.isEmpty()) {
            command.add(place.local(name, archive).orElseThrow().toString());
            return program.feed(command, null, null);
        }
        try (InputStream head = new HeadOf(place.read(name, archive))) {
            return program.feed(command, null, head);
        }
    }

    private List<String> missingFiles(TableOfContents toc) throws IOException {
        if (!digest.isEmpty()) {
            return List.of();
        }
        Path folder = place.local(name, archive).orElseThrow();
        List<String> there;
        try (Stream<Path> files = Files.list(folder)) {
            there = files.map(f -> f.getFileName().toString()).toList();
        }
        return toc.dataFiles().stream()
                .filter(file ->
                        there.stream().noneMatch(f -> f.equals(file) || f.startsWith(file + ".")))
                .map(file -> "file " + file)
                .toList();
    }

    private void restore(List<String> entries, ConnectionSpec scratch, Stopper stopper)
            throws IOException, InterruptedException {
        Path list = Files.createTempFile("switchback", ".list");
        try {
            Files.write(list, entries);
            List<String> command = new ArrayList<>();
            command.add(manner.pgRestore().toString());
            command.addAll(List.of("--single-transaction", "--exit-on-error", "--no-password"));
            command.addAll(List.of("--no-owner", "--no-privileges", "--no-tablespaces"));
            command.addAll(List.of("--no-comments", "--no-security-labels"));
            manner.exclusions()
                    .schemas()
                    .forEach(schema -> command.add("--exclude-schema=" + schema));
            command.add("--exclude-schema=" + Ours.SCHEMA);
            command.add("--use-list=" + list);
            command.add("--dbname=dbname='" + scratch.database() + "'");
            compare(scratch, command, stopper);
        } finally {
            Files.deleteIfExists(list);
        }
    }

    /** Runs the program on the archive, if any, and reads every byte of a stream meanwhile. */
    private void compare(@Nullable ConnectionSpec scratch, List<String> command, Stopper stopper)
            throws IOException, InterruptedException {
        PipedProgram program = new PipedProgram(Code.BACKUP_NOT_PROVEN, display(), stopper);
        if (digest.isEmpty()) {
            List<String> whole = new ArrayList<>(command);
            whole.add(place.local(name, archive).orElseThrow().toString());
            program.feed(whole, scratch, null);
            return;
        }
        MessageDigest read = Streaming.sha256();
        try (InputStream all = new DigestInputStream(place.read(name, archive), read)) {
            if (!command.isEmpty()) {
                program.feed(command, scratch, all);
            }
            all.transferTo(OutputStream.nullOutputStream());
        }
        String found = HexFormat.of().formatHex(read.digest());
        if (!found.equals(digest)) {
            throw notProven(
                    "holds other bytes than were written: SHA-256 "
                            + found
                            + ", written was "
                            + digest);
        }
    }

    private Map<String, Long> count(ConnectionSpec scratch) {
        Map<String, Long> rows = new TreeMap<>();
        List<String> different = new ArrayList<>();
        try (Connection session = Pg.open(scratch)) {
            for (var key : contents.keyRows().entrySet()) {
                long restored =
                        Long.parseLong(
                                Sql.one(
                                        session,
                                        "SELECT count(*) FROM ONLY " + key.getKey().id().sql()));
                rows.put(source.database() + "." + key.getKey().id(), restored);
                if (restored != key.getValue()) {
                    different.add(
                            key.getKey().id()
                                    + " has "
                                    + restored
                                    + " rows restored, "
                                    + key.getValue()
                                    + " in the snapshot");
                }
            }
        } catch (SQLException e) {
            throw new SwitchbackException(
                    new Problem(
                            Code.BACKUP_NOT_PROVEN,
                            scratch.display(),
                            "the restored key tables cannot be counted: " + Pg.words(e),
                            "mend what the server says, then run again"),
                    e);
        }
        if (!different.isEmpty()) {
            throw notProven(String.join("; ", different));
        }
        return rows;
    }

    private String display() {
        return place.display(name, archive);
    }

    private SwitchbackException notProven(String what) {
        return new SwitchbackException(
                Code.BACKUP_NOT_PROVEN,
                display(),
                what,
                "do not rely on this backup; mend its place, then run again");
    }
}
