package dev.switchback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.spec.Announcement;
import dev.switchback.spec.HookMoment;
import dev.switchback.spec.Placeholder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/tell.md lists every moment, placeholder and variable that there is, and no other. */
class TellDocTest {
    private static final String PAGE = Project.text("docs/tell.md");

    private static List<String> first(String heading) {
        return Project.rows(PAGE, heading).stream().map(row -> plain(row.getFirst())).toList();
    }

    private static String plain(String cell) {
        return cell.replace("`", "");
    }

    @Test
    void everyAnnouncementHasItsRow() {
        assertThat(first("## Announcements")).isEqualTo(Announcement.words());
        assertThat(Project.rows(PAGE, "## Announcements"))
                .allSatisfy(row ->
                        assertThat(row.getLast().equals("yes"))
                                .isEqualTo(
                                        Announcement.of(plain(row.getFirst()))
                                                .orElseThrow()
                                                .canBlock()));
    }

    @Test
    void everyMomentOfAHookHasItsRow() {
        assertThat(first("## Hooks")).isEqualTo(HookMoment.words());
    }

    @Test
    void everyPlaceholderAndVariableHasItsRowWithItsMeaning() {
        assertThat(Project.rows(PAGE, "## Placeholders and variables"))
                .map(row -> row.stream().map(TellDocTest::plain).toList())
                .isEqualTo(
                        Arrays.stream(Placeholder.values())
                                .map(p ->
                                        List.of("{{" + p.word() + "}}", p.variable(), p.meaning()))
                                .toList());
    }
}
