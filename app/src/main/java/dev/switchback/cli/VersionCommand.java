package dev.switchback.cli;

import dev.switchback.schema.ClientTools;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "version",
        description =
                "Print the versions of Switchback, Java and the PostgreSQL client tools found")
final class VersionCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Override
    public Integer call() {
        Map<String, Object> versions = new LinkedHashMap<>();
        versions.put("switchback", own());
        versions.put("java", Runtime.version().toString());
        versions.put(
                "clientTools",
                ClientTools.installed().stream().map(t -> t.major() + " " + t.pgDump()).toList());
        Output.print(
                app.options.output,
                versions,
                () ->
                        versions.entrySet().stream()
                                .map(e -> e.getKey() + "  " + e.getValue())
                                .reduce((a, b) -> a + "\n" + b)
                                .orElse(""));
        return 0;
    }

    /** The version of this program; a build that was not packaged has none. */
    static String own() {
        String own = VersionCommand.class.getPackage().getImplementationVersion();
        return own == null ? "development" : own;
    }
}
