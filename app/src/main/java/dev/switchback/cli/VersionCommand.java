package dev.switchback.cli;

import dev.switchback.cli.GlobalOptions.Format;
import dev.switchback.schema.ClientTools;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "version",
        description =
                "Print the versions of Switchback, Java and the PostgreSQL client tools found")
final class VersionCommand implements Callable<Integer> {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json or yaml")
    Format output = Format.TEXT;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    boolean help;

    @Override
    public Integer call() {
        Map<String, Object> versions = new LinkedHashMap<>();
        String own = VersionCommand.class.getPackage().getImplementationVersion();
        versions.put("switchback", own == null ? "development" : own);
        versions.put("java", Runtime.version().toString());
        versions.put(
                "clientTools",
                ClientTools.installed().stream().map(t -> t.major() + " " + t.pgDump()).toList());
        Output.print(
                output,
                versions,
                () ->
                        versions.entrySet().stream()
                                .map(e -> e.getKey() + "  " + e.getValue())
                                .reduce((a, b) -> a + "\n" + b)
                                .orElse(""));
        return 0;
    }
}
