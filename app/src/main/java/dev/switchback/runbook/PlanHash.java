package dev.switchback.runbook;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Sha256;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a plan depends on, as one short text: {@code v1-<whole>-<sections>}, twelve hex digits over
 * everything and four for each section. The whole tells that something differs, the sections tell
 * what, without the old plan being kept anywhere. Made of nothing secret.
 *
 * @param whole twelve hex digits
 * @param sections four hex digits each, in the order of {@link #SECTIONS}
 */
public record PlanHash(String whole, Map<String, String> sections) {
    /** Names of the sections; a change of them, or of what is in them, needs another {@code v}. */
    static final List<String> SECTIONS =
            List.of(
                    "document",
                    "steps",
                    "versions",
                    "databases",
                    "schema",
                    "extensions",
                    "writers",
                    "endpoints");

    private static final int WHOLE = 12;
    private static final int SHORT = 4;
    private static final Pattern TEXT =
            Pattern.compile(
                    "v1-([0-9a-f]{" + WHOLE + "})-([0-9a-f]{" + SHORT * SECTIONS.size() + "})");

    public PlanHash {
        sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
    }

    /**
     * @param contents the text of every section by its name
     */
    static PlanHash of(Map<String, String> contents) {
        Map<String, String> sections = new LinkedHashMap<>();
        StringBuilder all = new StringBuilder();
        for (String section : SECTIONS) {
            String content = contents.get(section);
            if (content == null) {
                throw new IllegalArgumentException("no section " + section);
            }
            String digest = Sha256.hex(content);
            sections.put(section, digest.substring(0, SHORT));
            all.append(digest);
        }
        return new PlanHash(Sha256.hex(all.toString()).substring(0, WHOLE), sections);
    }

    /**
     * @throws SwitchbackException USAGE when the text is no hash of this version
     */
    public static PlanHash parse(String text) {
        Matcher hash = TEXT.matcher(text.strip());
        if (!hash.matches()) {
            throw new SwitchbackException(
                    Code.USAGE,
                    "--plan",
                    "'" + text + "' is no hash of a plan",
                    "pass the line 'hash' that 'switchback plan' prints, as it is");
        }
        Map<String, String> sections = new LinkedHashMap<>();
        for (int i = 0; i < SECTIONS.size(); i++) {
            sections.put(SECTIONS.get(i), hash.group(2).substring(i * SHORT, (i + 1) * SHORT));
        }
        return new PlanHash(hash.group(1), sections);
    }

    /** Names of the sections that differ; empty when both are one plan. */
    List<String> differences(PlanHash other) {
        List<String> differing = new ArrayList<>();
        for (String section : SECTIONS) {
            if (!String.valueOf(sections.get(section)).equals(other.sections.get(section))) {
                differing.add(section);
            }
        }
        if (differing.isEmpty() && !whole.equals(other.whole)) {
            // four digits collide once in 65536 changes; then the whole still tells
            differing.add("plan");
        }
        return differing;
    }

    @Override
    public String toString() {
        return "v1-" + whole + "-" + String.join("", sections.values());
    }
}
