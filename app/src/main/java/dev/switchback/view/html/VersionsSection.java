package dev.switchback.view.html;

import dev.switchback.view.Documents.Report;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Which versions of what took part. */
record VersionsSection(Material material) implements Section {
    @Override
    public String id() {
        return "versions";
    }

    @Override
    public String title() {
        return "Versions";
    }

    @Override
    public void write(Html html) {
        Report report = material.report();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "PostgreSQL, source",
                Objects.requireNonNullElse(report.sourceVersion(), "not read"));
        facts.put(
                "PostgreSQL, target",
                Objects.requireNonNullElse(report.targetVersion(), "not read"));
        facts.put("Switchback, which wrote this page", material.program());
        facts.put("Runbook", material.state().runbook());
        facts.put("Journal", material.state().apiVersion());
        facts.put("Migration's uid", report.uid());
        facts.put("Runs that held the journal", String.valueOf(material.state().epoch()));
        Parts.facts(html, facts);
    }
}
