package dev.switchback.view.html;

import dev.switchback.view.Documents.Checklist;
import java.util.List;

/** The guide's checklists: each box ticked by evidence, or open with the reason. */
record ChecklistSection(Material material) implements Section {
    @Override
    public String id() {
        return "checklists";
    }

    @Override
    public String title() {
        return "Checklists";
    }

    @Override
    public void write(Html html) {
        List<Checklist> lists = material.report().checklists();
        if (lists.isEmpty()) {
            Parts.none(html, "None were filled in: see 'switchback watch'.");
            return;
        }
        lists.forEach(list -> {
            html.leaf("h3", list.title()).line();
            Ticks.write(
                    html,
                    list.boxes().stream()
                            .map(b ->
                                    new Ticks.Tick(
                                            b.text(), b.ticked() ? "yes" : "open", b.evidence()))
                            .toList());
        });
    }
}
