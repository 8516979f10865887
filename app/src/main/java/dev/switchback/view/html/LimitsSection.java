package dev.switchback.view.html;

import dev.switchback.engine.JournalState;
import java.util.ArrayList;
import java.util.List;

/** What a reader must not conclude from this page. */
record LimitsSection(Material material) implements Section {
    @Override
    public String id() {
        return "limits";
    }

    @Override
    public String title() {
        return "What this report cannot know";
    }

    @Override
    public void write(Html html) {
        List<String> limits = new ArrayList<>();
        limits.add(
                "What the clients saw. The time without service is taken from the journal: requests"
                        + " that were refused, queued or tried again are in the applications' own"
                        + " figures.");
        limits.add(
                "Anything after "
                        + Words.time(material.madeAt())
                        + ". The way back and the reverse link were read then, everything else is as"
                        + " the journal has it.");
        limits.add(
                "The evidence of attempts that were closed: the journal keeps the steps of the last"
                        + " one, of those before it the audit trail, and of that the last "
                        + JournalState.MAX_AUDIT
                        + " entries.");
        limits.add(
                "Rows of each table. They were compared, and the sums are here; 'switchback verify'"
                        + " counts and compares them table by table, at any time.");
        limits.add(
                "Who somebody really was. Names are of the account and machine that the program ran"
                        + " under.");
        limits.add("The true time, where the clocks of the machines that ran it differ.");
        limits.add("Values of Secrets: they are in no journal and in no report.");
        Parts.list(html, limits);
    }
}
