package dev.switchback.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(?:#([^)]+))?\\)");
    private static final Pattern SOURCE = Pattern.compile("`([a-z][a-z/]*/[A-Z]\\w*)(?:\\.java)?`");

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws Exception {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                Path to =
                        link.group(1).isEmpty()
                                ? page
                                : page.resolveSibling(link.group(1)).normalize();
                boolean there = Files.exists(to);
                if (there && link.group(2) != null) {
                    there = Project.anchors(Files.readString(to)).contains(link.group(2));
                }
                if (!there) {
                    broken.add(Project.root().relativize(page) + ": " + link.group());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everySourceFileNamedIsThere() throws Exception {
        List<String> missing = new ArrayList<>();
        for (Path page : pages()) {
            Matcher source = SOURCE.matcher(Files.readString(page));
            while (source.find()) {
                String file = "app/src/main/java/dev/switchback/" + source.group(1) + ".java";
                if (!Files.exists(Project.file(file))) {
                    missing.add(Project.root().relativize(page) + ": " + source.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    /** README, CONTRIBUTING and everything under docs. */
    private static List<Path> pages() {
        List<Path> pages = new ArrayList<>(Project.files("docs", ".md"));
        pages.add(Project.file("README.md"));
        pages.add(Project.file("CONTRIBUTING.md"));
        return pages;
    }
}
