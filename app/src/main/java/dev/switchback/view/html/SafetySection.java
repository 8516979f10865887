package dev.switchback.view.html;

import dev.switchback.view.Documents.BackupView;
import dev.switchback.view.Documents.RollbackView;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What going back would cost, and the backup behind it. */
record SafetySection(Material material) implements Section {
    @Override
    public String id() {
        return "safety";
    }

    @Override
    public String title() {
        return "Way back and backup";
    }

    @Override
    public void write(Html html) {
        RollbackView rollback = material.report().rollback();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Going back", rollback.words() + ": " + rollback.reason());
        if (rollback.since() != null) {
            facts.put("Since", Words.time(rollback.since()));
        }
        if (rollback.windowEnds() != null) {
            facts.put("Window ends", Words.time(rollback.windowEnds()));
        }
        facts.put(
                "Reverse link",
                material.report().reverseLink().state()
                        + ": "
                        + material.report().reverseLink().reason());
        facts.put("Read at", Words.time(material.madeAt()));
        BackupView backup = material.report().backup();
        facts.put("Backup wanted", backup.mode());
        facts.put("Backup", backup.state() + ": " + backup.detail());
        put(facts, "Lies at", backup.location());
        put(facts, "Taken at", backup.takenAt());
        if (backup.bytes() != null) {
            facts.put("Size", Words.bytes(backup.bytes()));
        }
        Parts.facts(html, facts);
    }

    private static void put(Map<String, String> facts, String name, @Nullable String value) {
        if (value != null) {
            facts.put(name, value);
        }
    }
}
