package dev.switchback.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.progress.Progress;
import dev.switchback.runbook.Stage;
import dev.switchback.spec.DocumentReader;
import dev.switchback.spec.Migration;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options every command takes, before or after its name, named as kubectl names them. */
public final class GlobalOptions {
    @Option(
            scope = ScopeType.INHERIT,
            names = {"-f", "--file"},
            paramLabel = "FILE",
            defaultValue = "migration.yaml",
            description = "the migration document (default: ${DEFAULT-VALUE})")
    Path file = Path.of("migration.yaml");

    @Option(
            scope = ScopeType.INHERIT,
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "must be the document's namespace; 'init' looks here")
    @Nullable String namespace;

    @Option(
            scope = ScopeType.INHERIT,
            names = "--context",
            paramLabel = "NAME",
            description = "kubeconfig context, unless the document names one")
    @Nullable String context;

    @Option(
            scope = ScopeType.INHERIT,
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "kubeconfig file (default: KUBECONFIG, ~/.kube/config)")
    @Nullable Path kubeconfig;

    @Option(
            scope = ScopeType.INHERIT,
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description =
                    "text, json or yaml (default: text); the result goes to stdout, the narrative to stderr")
    Format output = Format.TEXT;

    @Option(
            scope = ScopeType.INHERIT,
            names = "--direct",
            description =
                    "the Services' cluster addresses are reachable from here (VPN, node); needed outside the cluster")
    boolean direct;

    @Option(
            scope = ScopeType.INHERIT,
            names = "--drill-clock-speed",
            paramLabel = "N",
            hidden = true,
            defaultValue = "1",
            description = "drill: days pass N times as fast")
    double clockSpeed = 1;

    @Option(
            scope = ScopeType.INHERIT,
            names = "--drill-clock-base",
            paramLabel = "TIME",
            hidden = true,
            description = "drill: the clock starts here instead of now")
    @Nullable Instant clockBase;

    @Option(
            scope = ScopeType.INHERIT,
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto, always or never (default: auto)")
    String color = "auto";

    @Option(
            scope = ScopeType.INHERIT,
            names = "--plain",
            description =
                    "one line an event, as into a pipe, also on a terminal: nothing is drawn in place")
    boolean plain;

    @Option(
            scope = ScopeType.INHERIT,
            names = {"-v", "--verbose"},
            description = "debug log on stderr")
    void verbose(boolean asked) {
        if (asked && LoggerFactory.getLogger("dev.switchback") instanceof Logger ours) {
            ours.setLevel(Level.DEBUG);
        }
    }

    @Option(
            scope = ScopeType.INHERIT,
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    boolean help;

    private @Nullable Telling telling;

    /** How results are printed. */
    enum Format {
        TEXT,
        JSON,
        YAML
    }

    /** The document, its namespace checked against {@code -n}. */
    Migration migration() {
        Migration migration = DocumentReader.read(file);
        if (namespace != null && !namespace.equals(migration.namespace())) {
            throw new SwitchbackException(
                    Code.DOCUMENT_INVALID,
                    file + " metadata.namespace",
                    "is '" + migration.namespace() + "', but -n says '" + namespace + "'",
                    "name the namespace of the document, or leave -n out");
        }
        return migration;
    }

    Stage.Connect connect() {
        return new Stage.Connect(
                Optional.ofNullable(kubeconfig), Optional.ofNullable(context), direct);
    }

    private @Nullable InstantSource clock;

    /**
     * What every command reckons windows, days and waits by; of a drill it is not the true time.
     */
    InstantSource clock() {
        if (clock == null) {
            clock = DrillClock.of(clockSpeed, Optional.ofNullable(clockBase));
        }
        return clock;
    }

    Stage stage() {
        return stage(UnaryOperator.identity());
    }

    /**
     * @param change what the command line says otherwise than the document
     */
    Stage stage(UnaryOperator<Migration> change) {
        return Stage.open(change.apply(migration()), connect(), progress(), clock());
    }

    Progress progress() {
        return telling();
    }

    /** What all of this command tells its runs' progress to. */
    Telling telling() {
        if (telling == null) {
            telling = new Telling(plain, colour());
        }
        return telling;
    }

    private boolean colour() {
        return switch (color) {
            case "always" -> true;
            case "never" -> false;
            default ->
                    Terminal.interactive()
                            && System.getenv("NO_COLOR") == null
                            && !"dumb".equals(System.getenv("TERM"));
        };
    }
}
