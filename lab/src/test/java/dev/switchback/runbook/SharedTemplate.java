package dev.switchback.runbook;

import dev.switchback.lab.demo.LabTemplate;
import dev.switchback.lab.demo.VersionPair;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One tiny pair of servers for all tests of this JVM, copied by each; filling it takes longest. */
public final class SharedTemplate {
    private static @Nullable LabTemplate built;

    private SharedTemplate() {}

    public static synchronized LabTemplate get() throws SQLException {
        LabTemplate template = built;
        if (template == null) {
            template = LabTemplate.build(VersionPair.choose(), 0.01);
            built = template;
            Runtime.getRuntime().addShutdownHook(new Thread(template::close));
        }
        return template;
    }
}
