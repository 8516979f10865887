package dev.switchback.view.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.view.Documents.Box;
import dev.switchback.view.Documents.Checklist;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    private static final String EVIL =
            "\"'><script>alert(1)</script><img src=x onerror=alert(1)>\u0000&amp;";
    private static final Pattern TAG = Pattern.compile("<[^>]*>");

    @Test
    void nothingThatSomebodySaidBecomesMarkup() {
        PageJournal journal = new PageJournal();
        journal.who = EVIL;
        String page =
                journal.step(
                                "copy-tables",
                                StepState.DONE,
                                1,
                                2,
                                Facts.of("rows." + EVIL, "12", EVIL, EVIL, "problem", EVIL))
                        .step(EVIL, StepState.INTENT, 3, -1, Facts.NONE)
                        .said(4, "releasing: " + EVIL)
                        .said(5, "attempt " + EVIL + " begins")
                        .page();
        assertThat(page)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;amp;")
                .doesNotContain("<script>alert", "<img", "\u0000");
        List<String> scripts =
                TAG.matcher(page)
                        .results()
                        .map(m -> m.group())
                        .filter(t -> t.startsWith("<scr"))
                        .toList();
        assertThat(scripts).containsExactly("<script>");
        // a quote in an attribute would end it: whatever is left outside quotes is ours
        TAG.matcher(page)
                .results()
                .map(m -> m.group().replaceAll("\"[^\"]*\"", ""))
                .forEach(tag -> assertThat(tag).doesNotContain("onerror", "alert"));
    }

    @Test
    void thePageLoadsNothingAndAllowsOnlyItsOwnStyleAndScript() throws Exception {
        String page = new PageJournal().done("check-source", 0, 1).page();
        assertThat(page)
                .contains("default-src 'none'")
                .contains("style-src '" + digest(between(page, "<style>", "</style>")) + "'")
                .contains("script-src '" + digest(between(page, "<script>", "</script>")) + "'")
                .doesNotContain(" src=", "url(", "@import", "http:", "https:", " style=");
        assertThat(page).doesNotContainPattern(" on[a-z]+=");
    }

    private static String between(String text, String from, String until) {
        int begin = text.indexOf(from) + from.length();
        return text.substring(begin, text.indexOf(until, begin));
    }

    private static String digest(String content) throws Exception {
        return "sha256-"
                + Base64.getEncoder()
                        .encodeToString(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(content.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void headingsStepDownOneAtATimeAndAnchorsAreThere() {
        String page = migrated().page();
        Matcher heading = Pattern.compile("<h([1-6])[ >]").matcher(page);
        List<Integer> levels = new ArrayList<>();
        while (heading.find()) {
            levels.add(Integer.valueOf(heading.group(1)));
        }
        assertThat(levels).startsWith(1, 2);
        for (int i = 1; i < levels.size(); i++) {
            assertThat(levels.get(i)).isLessThanOrEqualTo(levels.get(i - 1) + 1);
        }
        assertThat(levels.stream().filter(l -> l == 1)).hasSize(1);
        Matcher link = Pattern.compile("href=\"#([^\"]*)\"").matcher(page);
        while (link.find()) {
            assertThat(page).contains(" id=\"" + link.group(1) + "\"");
        }
    }

    @Test
    void theTimeWithoutServiceHasNoGapAndEndsWhenTheWritersServe() {
        Outage outage = Outage.of(migrated().material()).getFirst();
        assertThat(outage.seconds()).isEqualTo(15.5);
        assertThat(outage.ended()).isTrue();
        assertThat(outage.parts())
                .extracting(p -> p.kind())
                .containsExactly(
                        Outage.Kind.STOP,
                        Outage.Kind.FENCE,
                        Outage.Kind.CARRY,
                        Outage.Kind.SWITCH,
                        Outage.Kind.START);
        assertThat(outage.parts().stream().mapToDouble(Outage.Part::seconds).sum()).isEqualTo(15.5);
        assertThat(outage.pause()).isNotNull().extracting(Outage.Pause::seconds).isEqualTo(11.5);
    }

    @Test
    void anAttemptThatWasPutBackSaysHowLongThatTookAndWhatWasUndone() {
        PageJournal journal = new PageJournal();
        journal.status = Status.RELEASED;
        journal.said(0, "run takes over, epoch 1")
                .step("stop-writers", StepState.UNDONE, 10, 11, Facts.NONE)
                .step("fence-source", StepState.UNDONE, 11, 12, Facts.NONE)
                .step("copy-tables", StepState.UNDONE, 12, -1, Facts.NONE)
                .said(20, "releasing: SB-310 the disk is full")
                .said(21, "undone fence-source")
                .said(23, "undone stop-writers")
                .said(24, "undone copy-tables")
                .said(24, "released");
        Outage outage = Outage.of(journal.material()).getFirst();
        assertThat(outage.seconds()).isEqualTo(13);
        assertThat(outage.ended()).isTrue();
        assertThat(outage.parts().getLast().kind()).isEqualTo(Outage.Kind.PUT_BACK);
        assertThat(outage.parts().getLast().seconds()).isEqualTo(3);
        assertThat(journal.page())
                .contains("<h3>Attempt 1</h3>", "releasing: SB-310 the disk is full")
                .contains("Put back, in this order: fence-source, stop-writers, copy-tables.");
    }

    @Test
    void aTrailWithoutItsBeginningDoesNotPassForAWholeOne() {
        PageJournal journal = new PageJournal();
        journal.said(1, "done copy-tables").said(2, "attempt 7 begins").said(3, "completed");
        assertThat(Attempt.of(journal.audit))
                .extracting(Attempt::name)
                .containsExactly("Before what is left of the trail", "Attempt 7");
    }

    @Test
    void aBoxOfAChecklistSaysWhetherItIsTickedAndWhy() {
        PageJournal journal = migrated();
        journal.checklists =
                List.of(
                        new Checklist(
                                EVIL,
                                List.of(
                                        new Box("backups run", true, "base backup of today"),
                                        new Box("a week has passed", false, "3 of 7 days"))));
        assertThat(journal.page())
                .contains("<li class=\"yes\">", "backups run", "base backup of today")
                .contains("<li class=\"open\">", "a week has passed", "3 of 7 days")
                .doesNotContain("<img", "None were filled in");
    }

    @Test
    void aServiceThatIsStoppedNowIsSaidToBeSo() {
        PageJournal journal = new PageJournal();
        journal.status = Status.RUNNING;
        journal.done("stop-writers", 0, 1).step("copy-tables", StepState.INTENT, 1, -1, Facts.NONE);
        assertThat(journal.page())
                .contains("the service is stopped", "not ended", "60 min 0 s so far");
    }

    private static PageJournal migrated() {
        return new PageJournal()
                .done("check-source", 0, 1)
                .done("stop-writers", 10, 12)
                .done("fence-source", 12.5, 13)
                .step(
                        "copy-tables",
                        StepState.DONE,
                        13,
                        23,
                        Facts.of("rows.shop", "1200", "drainedTo.shop", "0/16B3748"))
                .done("open-target", 23.5, 24)
                .done("start-writers", 24, 25.5);
    }
}
