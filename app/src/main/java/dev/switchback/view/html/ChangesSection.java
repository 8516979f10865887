package dev.switchback.view.html;

import dev.switchback.view.Documents.EndpointView;
import dev.switchback.view.Documents.WriterView;
import java.util.List;

/** What was changed for the applications: where they find their database, and how many run. */
record ChangesSection(Material material) implements Section {
    @Override
    public String id() {
        return "changes";
    }

    @Override
    public String title() {
        return "Endpoints and writers";
    }

    @Override
    public void write(Html html) {
        List<EndpointView> endpoints = material.report().endpointsSwitched();
        List<WriterView> writers = material.report().writersRestored();
        if (endpoints.isEmpty() && writers.isEmpty()) {
            Parts.none(html, "No endpoint is switched and no writer was restarted.");
            return;
        }
        if (!endpoints.isEmpty()) {
            Parts.table(
                    html,
                    "Endpoints that were switched; values of Secrets are not shown",
                    0,
                    List.of("Object", "Key", "Before", "After"),
                    endpoints.stream()
                            .map(e ->
                                    List.of(
                                            e.kind()
                                                    + " "
                                                    + (e.namespace().isEmpty()
                                                            ? ""
                                                            : e.namespace() + "/")
                                                    + e.name(),
                                            e.key(),
                                            e.before(),
                                            e.after()))
                            .toList());
        }
        if (!writers.isEmpty()) {
            Parts.table(
                    html,
                    "Writers that were started again, as they were",
                    0,
                    List.of("Writer", "Replicas, or whether it is suspended"),
                    writers.stream().map(w -> List.of(w.writer(), w.replicas())).toList());
        }
    }
}
