package dev.switchback.cli;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Access;
import dev.switchback.kube.Kube;
import dev.switchback.runbook.Discovery;
import dev.switchback.runbook.Discovery.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "init",
        description =
                "Discover both clusters and the writers, and write migration.yaml; changes nothing in the cluster")
final class InitCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "the Zalando cluster, when there are several")
    @Nullable String source;

    @Option(
            names = "--target",
            paramLabel = "NAME",
            description = "the CloudNativePG cluster, when there are several")
    @Nullable String target;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "metadata.name (default: the namespace)")
    @Nullable String name;

    @Option(names = "--force", description = "overwrite the file")
    boolean force;

    @Option(
            names = "--role",
            description = "print the Role that Switchback needs, and do nothing else")
    boolean role;

    @Option(
            names = "--cleanup",
            description = "with --role: the rights to delete that 'cleanup' needs, too")
    boolean cleanup;

    @Override
    public Integer call() throws IOException {
        if (role) {
            System.out.print(cleanup ? Access.roleForCleanup() : Access.role());
            return 0;
        }
        if (Files.exists(app.options.file) && !force) {
            throw new SwitchbackException(
                    Code.USAGE,
                    app.options.file.toString(),
                    "exists already",
                    "pass --force to overwrite it, or another -f");
        }
        try (Kube kube =
                Kube.connect(
                        Optional.ofNullable(app.options.kubeconfig),
                        Optional.ofNullable(app.options.context))) {
            String namespace =
                    Optional.ofNullable(app.options.namespace)
                            .or(kube::namespace)
                            .orElseThrow(() ->
                                    new SwitchbackException(
                                            Code.USAGE,
                                            "-n",
                                            "no namespace is known",
                                            "name it with -n"));
            Found found =
                    new Discovery(kube, namespace)
                            .find(Optional.ofNullable(source), Optional.ofNullable(target));
            Files.writeString(
                    app.options.file, document(name == null ? namespace : name, namespace, found));
            System.err.println(
                    "wrote " + app.options.file + "; read it, then run 'switchback plan'");
            Output.print(app.options.output, found, () -> summary(found));
            return 0;
        }
    }

    private static String summary(Found found) {
        return "source   "
                + found.source()
                + "\ntarget   "
                + found.target()
                + "\nwriters  "
                + String.join(", ", found.writers())
                + "\nplaces   "
                + String.join(", ", found.places());
    }

    private static String document(String name, String namespace, Found found) {
        StringBuilder yaml = new StringBuilder();
        yaml.append(
                "# Written by 'switchback init'. Every field is described in docs/document.md.\n");
        yaml.append("apiVersion: switchback.dev/v1alpha1\nkind: Migration\n");
        yaml.append("metadata: {name: ")
                .append(name)
                .append(", namespace: ")
                .append(namespace)
                .append("}\n");
        yaml.append(
                "spec:\n  # offline: the service stops while the data is copied\n  strategy: offline\n");
        yaml.append("  source: {zalando: {cluster: ").append(found.source()).append("}}\n");
        yaml.append("  target: {cnpg: {cluster: ").append(found.target()).append("}}\n");
        yaml.append("  # databases: [name]          # default: all but the operators' own\n");
        yaml.append(
                "  # Everything that writes to the source. Found by the environment of its pods: add what is missing,\n");
        yaml.append("  # a writer that is not listed is refused by the fence but not stopped.\n");
        list(yaml, "writers", found.writers(), "  ");
        yaml.append("  endpoints:\n    # old Service name: new Service name\n    map:\n");
        for (Map.Entry<String, String> entry : found.map().entrySet()) {
            yaml.append("      ")
                    .append(entry.getKey())
                    .append(": ")
                    .append(entry.getValue())
                    .append('\n');
        }
        yaml.append("    # where the writers learn the name\n");
        list(yaml, "in", found.places(), "    ");
        found.ca()
                .ifPresent(ca ->
                        yaml.append(
                                        "    # the CA the writers trust, and the one that replaces its content\n    ca: {secret: ")
                                .append(ca.getKey())
                                .append(", with: ")
                                .append(ca.getValue())
                                .append("}\n"));
        yaml.append(
                "  # A safety backup of the source before the switch; check warns as long as nothing is said here.\n");
        yaml.append("  # backup:\n  #   at: prepare                # or fence: in the downtime\n");
        yaml.append(
                "  #   mode: dump                 # or existing: judge the cluster's own; none\n");
        yaml.append(
                "  #   to: {path: /backup}        # or {s3: {bucket: NAME, secret: NAME, endpoint: URL}}\n");
        yaml.append("  #   keyTables: [NAME]          # restored and counted for proof\n");
        yaml.append("  #   minSize: 100Mi\n");
        yaml.append("  budgets: {stopWriters: 3m, startWriters: 5m}\n  jobs: 2\n");
        return yaml.toString();
    }

    private static void list(StringBuilder yaml, String field, List<String> items, String indent) {
        yaml.append(indent)
                .append(field)
                .append(items.isEmpty() ? ": []  # nothing found: fill in\n" : ":\n");
        items.forEach(item -> yaml.append(indent).append("  - ").append(item).append('\n'));
    }
}
