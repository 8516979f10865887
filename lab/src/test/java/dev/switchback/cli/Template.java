package dev.switchback.cli;

import dev.switchback.lab.demo.LabTemplate;
import dev.switchback.lab.demo.VersionPair;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One tiny pair of servers for all tests of the commands; each lab is a copy of it. */
final class Template {
    private static final double SCALE = 0.01;
    private static @Nullable LabTemplate built;

    private Template() {}

    /** Built at the first call, deleted when the JVM ends. */
    static synchronized LabTemplate get() throws SQLException {
        if (built == null) {
            LabTemplate template = LabTemplate.build(VersionPair.choose(), SCALE);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().unstarted(() -> template.close()));
            built = template;
        }
        return built;
    }
}
