package dev.switchback.cli;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Conninfo;
import java.nio.file.Path;

/** A database as {@code --from} and {@code --to} name it, completed as libpq does. */
final class DatabaseArgument {
    private DatabaseArgument() {}

    /**
     * What libpq would warn of goes to stderr.
     *
     * @param command for {@code application_name}: {@code switchback/<command>}
     */
    static ConnectionSpec spec(String text, String command) {
        Conninfo conninfo =
                Conninfo.parse(
                        text, System.getenv(), Path.of(System.getProperty("user.home", "/")));
        conninfo.warnings().forEach(warning -> System.err.println("warning: " + warning));
        return conninfo.spec("switchback/" + command);
    }
}
