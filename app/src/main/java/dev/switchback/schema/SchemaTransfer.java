package dev.switchback.schema;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Definitions from the source to the target, through one archive file.
 *
 * <ol>
 *   <li>{@link #dump}: everything but rows, large objects, publications and subscriptions.
 *   <li>{@link #restorePreData} into the empty target: extensions, types, functions, tables, views;
 *       one transaction, so a crash leaves nothing.
 *   <li>{@link #restorePrivileges}: grants and default privileges; any time after step 2.
 *   <li>The rows, which are not this room's affair.
 *   <li>{@link #restorePostData}: indexes, constraints, rules, triggers, policies.
 *   <li>{@link #restoreLast}: materialized views are filled, as their owners with the privileges of
 *       step 3; then the user's event triggers, so that they see nothing of the above.
 * </ol>
 *
 * Every step can be run again after a crash. An error of the tools is an error, none is skipped.
 * The target's session must be a superuser's: objects get their source's owners.
 */
public final class SchemaTransfer {
    private static final String LOCK_WAIT = "60s";

    private final ClientTools tools;
    private final Exclusions exclusions;
    private final Stopper stopper;

    public SchemaTransfer(ClientTools tools, Exclusions exclusions, Stopper stopper) {
        this.tools = tools;
        this.exclusions = exclusions;
        this.stopper = stopper;
    }

    /**
     * Writes the archive, which is there completely or not at all. The file is readable by its
     * owner only: user mappings hold passwords.
     *
     * @throws SwitchbackException SCHEMA_DUMP with the tool's own words
     */
    public void dump(ConnectionSpec source, Path archive) throws InterruptedException {
        dump(source, archive, null, List.of());
    }

    /**
     * The same as one state of the source, and without some tables.
     *
     * @param snapshot an exported snapshot's id, or null
     * @param without tables that stay behind with all that belongs to them
     */
    public void dump(
            ConnectionSpec source,
            Path archive,
            @Nullable String snapshot,
            Collection<TableId> without)
            throws InterruptedException {
        try {
            Path folder = archive.toAbsolutePath().getParent();
            Path draft = Files.createTempFile(folder, "schema", ".unfinished");
            try {
                List<String> command = new ArrayList<>();
                command.add(tools.pgDump().toString());
                command.addAll(List.of("--format=custom", "--no-password", "--no-blobs"));
                // not --schema-only: that would leave out the refresh of materialized views
                command.addAll(List.of("--section=pre-data", "--section=post-data"));
                command.addAll(List.of("--no-publications", "--no-subscriptions"));
                command.add("--lock-wait-timeout=" + LOCK_WAIT);
                command.add("--file=" + draft);
                if (snapshot != null) {
                    command.add("--snapshot=" + snapshot);
                }
                without.forEach(t -> command.add("--exclude-table=" + t.sql()));
                Stream.concat(exclusions.schemas().stream(), Stream.of(Ours.SCHEMA))
                        .sorted()
                        .forEach(s -> command.add("--exclude-schema=" + Sql.identifier(s)));
                program(Code.SCHEMA_DUMP, source).run(command, source);
                Files.move(draft, archive, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + archive, e);
        }
    }

    /**
     * @throws SwitchbackException SCHEMA_RESTORE with the tool's own words; nothing was kept
     */
    public void restorePreData(Path archive, ConnectionSpec target) throws InterruptedException {
        restore(
                archive,
                target,
                list(archive, "pre-data", Toc::definition),
                List.of("--single-transaction"));
    }

    /**
     * Grants and default privileges in one transaction, without those that name a role which is
     * excluded or does not exist on the target, and without those on objects that stayed behind.
     *
     * @return one sentence for each statement left out
     * @throws SwitchbackException SCHEMA_RESTORE with the server's words; nothing was granted
     */
    public List<String> restorePrivileges(Path archive, ConnectionSpec target)
            throws InterruptedException {
        List<String> entries = list(archive, "", Toc::privileges);
        String script =
                entries.isEmpty()
                        ? ""
                        : withList(archive, entries, List.of("--file=-"), null, target.display());
        try (Connection connection = Pg.open(target, Duration.ZERO)) {
            return new Privileges(connection, exclusions).apply(SqlText.statements(script));
        } catch (SQLException e) {
            throw failed(target, "privileges: " + Pg.words(e), e);
        }
    }

    /**
     * Indexes, constraints, rules, triggers, policies and extended statistics. What an interrupted
     * run left of them is dropped first.
     *
     * @param jobs sessions that build at the same time
     * @throws SwitchbackException SCHEMA_RESTORE with the tool's own words
     */
    public void restorePostData(Path archive, ConnectionSpec target, int jobs)
            throws InterruptedException {
        List<String> entries = list(archive, "post-data", Toc::definition);
        dropPostData(archive, target, entries);
        restore(archive, target, entries, List.of("--jobs=" + Math.max(1, jobs)));
    }

    /**
     * The entries of post-data one by one, for whoever runs them with more sense for order than
     * {@link #restorePostData}.
     *
     * @param source a session that sees what was dumped
     * @return empty when the archive's text cannot be cut into entries without doubt, or is not
     *     UTF-8; then use {@link #restorePostData}
     */
    public Optional<PostData> postData(Path archive, Connection source)
            throws SQLException, InterruptedException {
        if (!DataSession.encoding(source).equals("UTF8")) {
            return Optional.empty();
        }
        List<String> entries = list(archive, "post-data", Toc::definition);
        String script =
                entries.isEmpty()
                        ? ""
                        : withList(
                                archive,
                                entries,
                                List.of("--file=-", "--verbose", "--no-privileges"),
                                null,
                                source.getCatalog());
        Optional<List<PostDataScript.Part>> parts = PostDataScript.cut(script, entries);
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(PostDataPlan.of(parts.get(), source));
    }

    /** Indexes and constraints of the target that are not valid, in words. */
    public List<String> unfinished(Connection connection) throws SQLException {
        return Sql.list(
                connection,
                Sql.resource(SchemaTransfer.class, "unfinished.sql"),
                row -> row.getString(1),
                exclusions.schemaArray(connection),
                exclusions.schemaArray(connection));
    }

    /**
     * Fills the materialized views that are filled on the source, then creates event triggers.
     *
     * @throws SwitchbackException SCHEMA_RESTORE with the tool's own words
     */
    public void restoreLast(Path archive, ConnectionSpec target) throws InterruptedException {
        restore(archive, target, list(archive, "post-data", Toc::refresh), List.of());
        restoreEventTriggers(archive, target);
    }

    /**
     * The second half of {@link #restoreLast}.
     *
     * @throws SwitchbackException SCHEMA_RESTORE with the tool's own words
     */
    public void restoreEventTriggers(Path archive, ConnectionSpec target)
            throws InterruptedException {
        List<String> eventTriggers = list(archive, "post-data", Toc::eventTrigger);
        dropEventTriggers(archive, target, eventTriggers);
        restore(archive, target, eventTriggers, List.of());
    }

    private void dropPostData(Path archive, ConnectionSpec target, List<String> entries)
            throws InterruptedException {
        try (Connection connection = Pg.open(target, Duration.ZERO)) {
            Leftovers leftovers = new Leftovers(connection, exclusions, stopper);
            if (leftovers.any()) {
                leftovers.drop(drops(archive, target, entries));
                leftovers.dropIndexesAndConstraints();
            }
        } catch (SQLException e) {
            throw failed(target, "dropping what an earlier run left: " + Pg.words(e), e);
        }
    }

    private void dropEventTriggers(Path archive, ConnectionSpec target, List<String> entries)
            throws InterruptedException {
        try (Connection connection = Pg.open(target, Duration.ZERO)) {
            new Leftovers(connection, exclusions, stopper).drop(drops(archive, target, entries));
        } catch (SQLException e) {
            throw failed(target, "dropping event triggers: " + Pg.words(e), e);
        }
    }

    /** The statements that a restore with {@code --clean} would begin with. */
    private List<String> drops(Path archive, ConnectionSpec target, List<String> entries)
            throws InterruptedException {
        if (entries.isEmpty()) {
            return List.of();
        }
        String script =
                withList(
                        archive,
                        entries,
                        List.of("--file=-", "--clean", "--if-exists", "--no-privileges"),
                        null,
                        target.display());
        // the drops stand before the first entry's heading
        int heading = script.indexOf("\n-- Name: ");
        return SqlText.statements(heading < 0 ? script : script.substring(0, heading));
    }

    private List<String> list(Path archive, String section, Predicate<String> kind)
            throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(tools.pgRestore().toString(), "--list"));
        if (!section.isEmpty()) {
            command.add("--section=" + section);
        }
        command.add(archive.toString());
        String printed =
                new ClientProgram(Code.SCHEMA_RESTORE, archive.toString(), stopper)
                        .run(command, null);
        return Toc.select(Toc.entries(printed, exclusions), kind);
    }

    private void restore(
            Path archive, ConnectionSpec target, List<String> entries, List<String> options)
            throws InterruptedException {
        if (entries.isEmpty()) {
            return;
        }
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("--exit-on-error", "--no-privileges", "--no-password"));
        // a name may hold what libpq would read as a connection string
        all.add("--dbname=dbname='" + escaped(target.database()) + "'");
        withList(archive, entries, all, target, target.display());
    }

    private String withList(
            Path archive,
            List<String> entries,
            List<String> options,
            @Nullable ConnectionSpec server,
            String about)
            throws InterruptedException {
        try {
            Path list = Files.createTempFile("switchback", ".list");
            try {
                Files.write(list, entries);
                List<String> command = new ArrayList<>();
                command.add(tools.pgRestore().toString());
                command.addAll(options);
                command.add("--use-list=" + list);
                command.add(archive.toString());
                return new ClientProgram(Code.SCHEMA_RESTORE, about, stopper).run(command, server);
            } finally {
                Files.deleteIfExists(list);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a list for pg_restore", e);
        }
    }

    private ClientProgram program(Code code, ConnectionSpec server) {
        return new ClientProgram(code, server.display(), stopper);
    }

    private static String escaped(String name) {
        return name.replace("\\", "\\\\").replace("'", "\\'");
    }

    private static SwitchbackException failed(ConnectionSpec target, String what, SQLException e) {
        return new SwitchbackException(
                new Problem(
                        Code.SCHEMA_RESTORE,
                        target.display(),
                        what,
                        "mend what the server says, then run again"),
                e);
    }
}
