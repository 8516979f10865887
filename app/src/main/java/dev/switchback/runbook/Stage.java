package dev.switchback.runbook;

import dev.switchback.cnpg.CnpgCluster;
import dev.switchback.engine.Journal;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.Lock;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Run;
import dev.switchback.engine.RunOptions;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.kube.Reach;
import dev.switchback.notify.Announcer;
import dev.switchback.notify.Teller;
import dev.switchback.pg.Exclusions;
import dev.switchback.progress.Progress;
import dev.switchback.spec.Migration;
import dev.switchback.steps.HeldSessions;
import dev.switchback.steps.SourceDatabases;
import dev.switchback.steps.World;
import dev.switchback.store.cluster.CapturedValues;
import dev.switchback.store.cluster.ClusterJournal;
import dev.switchback.store.cluster.ClusterLock;
import dev.switchback.workload.ApplyCommand;
import dev.switchback.workload.Endpoints;
import dev.switchback.workload.Writers;
import dev.switchback.zalando.ZalandoCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Everything one command needs for one migration: API servers, world, journal, lock. Close it to
 * leave nothing open.
 */
public final class Stage implements AutoCloseable {
    private final Migration migration;
    private final World world;
    private final ClusterJournal journal;
    private final Progress progress;

    private Stage(Migration migration, World world, ClusterJournal journal, Progress progress) {
        this.migration = migration;
        this.world = world;
        this.journal = journal;
        this.progress = progress;
    }

    /**
     * How to reach the clusters.
     *
     * @param context overrides the current context; a context in the document goes before it
     */
    public record Connect(Optional<Path> kubeconfig, Optional<String> context, boolean direct) {}

    /**
     * Opens the API servers; nothing is read or written yet but the CA of the source. Leaves
     * nothing open or on disk when it fails.
     */
    public static Stage open(Migration migration, Connect connect, Progress progress) {
        return open(migration, connect, progress, InstantSource.system());
    }

    /**
     * @param clock what all waits and windows of this stage are measured by
     */
    public static Stage open(
            Migration migration, Connect connect, Progress progress, InstantSource clock) {
        Reach reach = Reach.choose(connect.direct());
        Kube kube =
                Kube.connect(
                        connect.kubeconfig(), migration.source().context().or(connect::context));
        Kube targetKube = kube;
        Path work = null;
        try {
            if (!migration.target().context().equals(migration.source().context())) {
                targetKube =
                        Kube.connect(
                                connect.kubeconfig(),
                                migration.target().context().or(connect::context));
            }
            work = workFolder();
            World world = world(migration, connect, kube, targetKube, reach, work, clock);
            return new Stage(
                    migration,
                    world,
                    new ClusterJournal(kube, migration.namespace(), migration.name()),
                    progress);
        } catch (RuntimeException e) {
            kube.close();
            targetKube.close();
            if (work != null) {
                delete(work);
            }
            throw e;
        }
    }

    private static World world(
            Migration migration,
            Connect connect,
            Kube kube,
            Kube targetKube,
            Reach reach,
            Path work,
            InstantSource clock) {
        ZalandoCluster source =
                new ZalandoCluster(
                        kube,
                        migration.source().namespace(),
                        migration.source().cluster(),
                        reach,
                        SourceCa.file(kube, targetKube, migration, work));
        CnpgCluster target =
                new CnpgCluster(
                        targetKube,
                        migration.target().namespace(),
                        migration.target().cluster(),
                        reach,
                        work);
        return new World(
                migration,
                UUID.randomUUID().toString().substring(0, 8),
                kube,
                targetKube,
                source,
                target,
                new Writers(kube, migration.writers()),
                new Endpoints(kube, targetKube, migration),
                new ApplyCommand(
                        connect.kubeconfig(),
                        migration.source().context().or(connect::context),
                        work),
                new CapturedValues(kube, migration.namespace(), migration.name()),
                Exclusions.spilo(),
                work,
                new HeldSessions(),
                new SourceDatabases(),
                clock);
    }

    public Migration migration() {
        return migration;
    }

    public World world() {
        return world;
    }

    public Journal journal() {
        return journal;
    }

    /** The journal's state; JOURNAL_NOT_FOUND when no run ever began. */
    public JournalState requireState() {
        return state().orElseThrow(() ->
                new SwitchbackException(
                        Code.JOURNAL_NOT_FOUND,
                        journal.display(),
                        "no run of this migration was begun",
                        "start with 'switchback migrate'"));
    }

    private JournalState ours(JournalState state) {
        if (!state.migration().equals(migration.identity())) {
            throw new SwitchbackException(
                    Code.JOURNAL_OTHER,
                    journal.display(),
                    "is the journal of " + state.migration(),
                    "correct the document, or give this migration another metadata.name");
        }
        return state;
    }

    /**
     * The journal's state, empty before the first run; JOURNAL_OTHER when it is another
     * migration's.
     */
    public Optional<JournalState> state() {
        return journal.read().map(Journal.Stored::state).map(this::ours);
    }

    /**
     * The journal writes of a step, each of which a kill may follow: {@code intent} is durable and
     * nothing done, {@code applied} is done and not journalled, {@code done} is journalled.
     */
    public static List<String> boundaries(Runbook.Entry entry) {
        String id = entry.step().id();
        return entry.step().acts()
                ? List.of(id + ":intent", id + ":applied", id + ":done")
                : List.of(id + ":done");
    }

    /**
     * The forward runbook of the document's strategy.
     *
     * @throws SwitchbackException NOT_SUPPORTED_YET
     */
    public Runbook runbook() {
        return Runbooks.forward(world);
    }

    public Runbook offline() {
        return Offline.of(world);
    }

    /** The way back for this journal: {@link Runbooks#wayBack}. */
    public Runbook wayBack(JournalState state) {
        return Runbooks.wayBack(world, state);
    }

    /** Leaves a request for the run that holds the migration; it looks for one every second. */
    public void request(String kind) {
        write(state ->
                state.withRequest(new JournalState.Request(kind, who(), world.clock().instant())));
    }

    /** Writes a person's decision into the journal, whoever holds the migration. */
    public JournalState decide(Decision decision) {
        return write(state -> decision.of(ours(state), who(), world.clock().instant()));
    }

    /** What a person decided, as a change of the journal: {@code JournalState::pausedBy}. */
    @FunctionalInterface
    public interface Decision {
        JournalState of(JournalState state, String who, Instant at);
    }

    private JournalState write(UnaryOperator<JournalState> change) {
        for (int attempt = 0; attempt < 20; attempt++) {
            Journal.Stored stored = journal.read().orElseThrow();
            try {
                return journal.swap(stored.version(), change.apply(stored.state())).state();
            } catch (Journal.Conflict e) {
                // the run itself wrote in between: read again
                Thread.onSpinWait();
            }
        }
        throw new SwitchbackException(
                Code.KUBE_CONFLICT,
                journal.display(),
                "the journal changed each time it was to be written",
                "try again");
    }

    /** A run of the given runbook under this stage's journal and lock. */
    public Run run(Runbook runbook, Optional<Phase> until) {
        return run(runbook, options -> until.map(options::withUntil).orElse(options));
    }

    Run run(Runbook runbook, UnaryOperator<RunOptions> change) {
        RunOptions options = RunOptions.of(migration.identity(), newUid(), world.runId(), who());
        return new Run(
                runbook,
                journal,
                lock(runbook),
                world.clock(),
                progress,
                change.apply(options),
                new Teller(migration, world.kube(), world.apply(), this::goingBack));
    }

    /**
     * Announces what is due when no run holds the migration; {@link Announcer#due} with the forward
     * {@link #runbook}, the state just read and the clock of {@link #world}.
     */
    public Announcer announcer() {
        return new Announcer(
                migration,
                world.kube(),
                this::goingBack,
                world.runId(),
                told -> write(state -> ours(state).withTold(told, who())),
                progress);
    }

    private String goingBack(JournalState state) {
        return Rollbacks.verdict(world, state).word();
    }

    /** The sign of life of a migration that is over. */
    public void forgetLease() {
        ClusterLock.forgetLease(world.kube(), migration.namespace(), migration.name());
    }

    private Lock lock(Runbook runbook) {
        return new ClusterLock(
                world.kube(),
                migration.namespace(),
                migration.name(),
                migration.identity(),
                application -> world.source().superuser("postgres", application),
                application -> world.target().reader("postgres", application),
                // only a cleanup deletes the source, and goes on without it
                () -> runbook.finishing() && world.source().isGoing(),
                // signs of life are given in real time, whatever a drill's clock shows
                InstantSource.system(),
                progress);
    }

    private static String newUid() {
        return UUID.randomUUID().toString();
    }

    /** For the audit trail: who started us, as far as the environment tells. */
    public static String who() {
        String user = System.getProperty("user.name", "unknown");
        String host = System.getenv().getOrDefault("HOSTNAME", "");
        return host.isEmpty() ? user : user + "@" + host;
    }

    private static Path workFolder() {
        try {
            return Files.createTempDirectory("switchback-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        world.sessions().close();
        world.kube().close();
        world.targetKube().close();
        delete(world.workFolder());
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
