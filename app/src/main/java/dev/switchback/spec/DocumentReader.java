package dev.switchback.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.spec.Migration.Budgets;
import dev.switchback.spec.Migration.ClusterRef;
import dev.switchback.spec.Migration.Endpoints;
import dev.switchback.spec.Migration.Strategy;
import dev.switchback.spec.Migration.WriterRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the document strictly: unknown fields and wrong types are errors, and all of them are told
 * at once.
 */
public final class DocumentReader {
    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(
                            com.fasterxml.jackson.core.JsonParser.Feature
                                    .STRICT_DUPLICATE_DETECTION);

    private DocumentReader() {}

    /**
     * @throws SwitchbackException DOCUMENT_NOT_FOUND, DOCUMENT_INVALID or NOT_SUPPORTED_YET, one
     *     problem a field
     */
    public static Migration read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new SwitchbackException(
                    Code.DOCUMENT_NOT_FOUND,
                    file.toString(),
                    "there is no such file",
                    "run 'switchback init' to write one, or name it with -f");
        } catch (IOException e) {
            throw new SwitchbackException(
                    Code.DOCUMENT_NOT_FOUND,
                    file.toString(),
                    "cannot be read: " + e.getMessage(),
                    "check the path and its permissions");
        }
    }

    /**
     * @param origin the file's name, for messages
     */
    public static Migration parse(String origin, String text) {
        JsonNode root;
        try {
            root = YAML.readTree(text);
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null
                            ? origin
                            : origin
                                    + ":"
                                    + e.getLocation().getLineNr()
                                    + ":"
                                    + e.getLocation().getColumnNr();
            throw new SwitchbackException(
                    Code.DOCUMENT_INVALID,
                    where,
                    "not valid YAML: " + e.getOriginalMessage(),
                    "mend the syntax");
        }
        Fields top = Fields.root(origin, root);
        Migration migration = migration(top, folder(origin));
        top.throwIfAny();
        return migration;
    }

    /** Where the document lies: paths in it start there. */
    private static Path folder(String origin) {
        Path file = Path.of(origin).toAbsolutePath().normalize();
        Path folder = file.getParent();
        return folder == null ? file : folder;
    }

    private static Migration migration(Fields top, Path folder) {
        top.exactly("apiVersion", Migration.API_VERSION);
        top.exactly("kind", Migration.KIND);
        Fields metadata = top.object("metadata");
        String name = metadata.name("name");
        String namespace = metadata.name("namespace");
        metadata.nothingElse();

        Fields spec = top.object("spec");
        top.nothingElse();
        Strategy strategy = strategy(spec);
        ClusterRef source = cluster(spec.object("source"), "zalando", namespace);
        ClusterRef target = cluster(spec.object("target"), "cnpg", namespace);
        List<String> databases = spec.strings("databases");
        List<WriterRef> writers = writers(spec, namespace);
        Endpoints endpoints = EndpointSection.read(spec.object("endpoints"), namespace, folder);
        Fields budgets = spec.optionalObject("budgets");
        Budgets allowed =
                new Budgets(
                        budgets.duration("stopWriters", Budgets.DEFAULT.stopWriters()),
                        budgets.duration("startWriters", Budgets.DEFAULT.startWriters()),
                        budgets.duration("apply", Budgets.DEFAULT.apply()),
                        budgets.duration("merge", Budgets.DEFAULT.merge()),
                        budgets.duration("writePause", Budgets.DEFAULT.writePause()));
        budgets.nothingElse();
        int jobs = spec.integer("jobs", 2, 1, 64);
        Optional<Backup> backup = BackupSection.read(spec);
        Validation validation = ProofSections.validation(spec.optionalObject("validate"));
        Probes probes = ProofSections.probes(spec.optionalObject("probes"));
        Optional<Window> window = ProofSections.window(spec);
        List<Acceptance> overrides = ProofSections.overrides(spec);
        boolean approve = spec.flag("approve", false);
        Rollback rollback = OnlineSections.rollback(spec.optionalObject("rollback"));
        Online online = OnlineSections.online(spec.optionalObject("online"));
        Settle settle = SettleSection.read(spec.optionalObject("settle"));
        Cleanup cleanup = OnlineSections.cleanup(spec.optionalObject("cleanup"));
        Optional<Instant> cutoverAt = spec.instant("cutoverAt");
        Announce announce = TellSections.announce(spec.optionalObject("announce"));
        List<Hook> hooks = TellSections.hooks(spec, folder);
        spec.nothingElse();
        return new Migration(
                name,
                namespace,
                strategy,
                source,
                target,
                databases,
                writers,
                endpoints,
                allowed,
                jobs,
                backup,
                validation,
                probes,
                window,
                overrides,
                approve,
                rollback,
                online,
                settle,
                cleanup,
                cutoverAt,
                announce,
                hooks);
    }

    private static Strategy strategy(Fields spec) {
        String word = spec.string("strategy").orElse("");
        String remedy = "use strategy: online, or offline";
        for (Strategy strategy : Strategy.values()) {
            if (strategy.word().equals(word)) {
                return strategy;
            }
        }
        if (word.equals("physical")) {
            spec.unsupported("strategy", "strategy 'physical' is not in this version", remedy);
        } else if (word.isEmpty()) {
            spec.missing("strategy", "set strategy: online, or offline");
        } else {
            spec.wrong("strategy", "is '" + word + "', not a strategy", remedy);
        }
        return Strategy.OFFLINE;
    }

    private static ClusterRef cluster(Fields side, String kind, String namespace) {
        Fields fields = side.object(kind);
        side.nothingElse();
        ClusterRef ref =
                new ClusterRef(
                        fields.name("cluster"),
                        fields.string("namespace").orElse(namespace),
                        fields.string("context"));
        fields.nothingElse();
        return ref;
    }

    private static List<WriterRef> writers(Fields spec, String namespace) {
        List<WriterRef> writers = new ArrayList<>();
        List<String> words = spec.strings("writers");
        if (words.isEmpty()) {
            spec.missing(
                    "writers",
                    "list everything that writes to the source: [deployment/web, cronjob/cleanup]");
        }
        for (int i = 0; i < words.size(); i++) {
            String[] parts = words.get(i).split("/", -1);
            Optional<WriterRef.Kind> kind = parts.length == 2 ? kind(parts[0]) : Optional.empty();
            if (kind.isEmpty() || parts[1].isEmpty()) {
                spec.wrong(
                        "writers[" + i + "]",
                        "is '" + words.get(i) + "', not kind/name",
                        "use deployment/NAME, statefulset/NAME or cronjob/NAME");
            } else {
                writers.add(new WriterRef(kind.get(), parts[1], namespace));
            }
        }
        return writers;
    }

    private static Optional<WriterRef.Kind> kind(String word) {
        try {
            return Optional.of(WriterRef.Kind.valueOf(word.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
