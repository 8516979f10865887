package dev.switchback.view;

import dev.switchback.view.Documents.Box;
import dev.switchback.view.Documents.Checklist;
import java.util.List;

/** The guide's checklists for people: a box, and under it what ticks it or why it is open. */
public final class ChecklistText {
    private ChecklistText() {}

    public static String of(List<Checklist> checklists) {
        StringBuilder text = new StringBuilder();
        for (Checklist list : checklists) {
            text.append('\n').append(list.title()).append('\n');
            for (Box box : list.boxes()) {
                text.append(box.ticked() ? "  [x] " : "  [ ] ").append(box.text()).append('\n');
                text.append("      ").append(box.evidence()).append('\n');
            }
        }
        return text.toString();
    }
}
