package dev.switchback.view.html;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.Runbook;
import dev.switchback.view.Documents.Report;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * The report as one page: its table of contents, its style and its policy.
 *
 * <p>The page loads nothing. Its content security policy allows one style sheet and one script by
 * their digests and nothing else, so that markup that came in with a value could not run even if it
 * were not escaped; and it is escaped ({@link Html}). The script only opens and closes: without it
 * nothing is missing.
 */
public final class HtmlReport {
    private static final String STYLE = resource("report.css");
    private static final String SCRIPT = resource("report.js");

    private HtmlReport() {}

    /**
     * @param report what {@code report -o json} prints
     * @param state the journal it came from
     * @param runbooks those whose steps the journal may hold: the forward one first
     * @param madeAt when the report was made
     * @param program version of this program
     */
    public static String page(
            Report report,
            JournalState state,
            List<Runbook> runbooks,
            Instant madeAt,
            String program) {
        Material material = new Material(report, state, runbooks, madeAt, program);
        List<Section> sections =
                List.of(
                        new SummarySection(material),
                        new DowntimeSection(material),
                        new ValidationSection(material),
                        new ChecklistSection(material),
                        new SafetySection(material),
                        new RunbookSection(material),
                        new TimingSection(material),
                        new EvidenceSection(material),
                        new ChangesSection(material),
                        new AttemptsSection(material),
                        new AuditSection(material),
                        new VersionsSection(material),
                        new LimitsSection(material));
        Html html = new Html();
        html.resource("<!DOCTYPE html>").line();
        html.open("html", "lang", "en");
        head(html, report);
        html.open("body")
                .leaf("a", "Skip to the report", "class", "skip", "href", "#report")
                .line();
        header(html, material);
        contents(html, sections);
        html.open("main", "id", "report").line();
        for (Section section : sections) {
            html.open("section", "id", section.id(), "aria-labelledby", section.id() + "-title")
                    .leaf("h2", section.title(), "id", section.id() + "-title")
                    .line();
            section.write(html);
            html.close().line();
        }
        html.close().line();
        footer(html, material);
        html.open("script").resource(SCRIPT).close();
        return html.close().close().line().done();
    }

    private static void head(Html html, Report report) {
        html.open("head").empty("meta", "charset", "utf-8").line();
        html.empty(
                        "meta",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        "default-src 'none'; style-src '"
                                + digest(STYLE)
                                + "'; script-src '"
                                + digest(SCRIPT)
                                + "'; base-uri 'none'; form-action 'none'")
                .line();
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .empty("meta", "name", "color-scheme", "content", "light dark")
                .empty("meta", "name", "referrer", "content", "no-referrer")
                .leaf("title", "Migration report: " + report.migration())
                .line();
        html.open("style").resource(STYLE).close();
        html.close().line();
    }

    private static void header(Html html, Material material) {
        Report report = material.report();
        Verdict verdict = Verdict.of(report);
        html.open("header", "class", verdict.tone())
                .leaf("p", "Migration report", "class", "kind")
                .leaf("h1", report.migration())
                .open("p", "class", "verdict")
                .leaf("strong", verdict.words())
                .text(" " + verdict.serves())
                .close()
                .leaf(
                        "p",
                        report.strategy()
                                + ", attempt "
                                + report.attempt()
                                + "; made "
                                + Words.time(material.madeAt()),
                        "class",
                        "note")
                .close()
                .line();
    }

    private static void contents(Html html, List<Section> sections) {
        html.open("nav", "aria-label", "Contents").open("ul");
        sections.forEach(
                s -> html.open("li").leaf("a", s.title(), "href", "#" + s.id()).close().line());
        html.close().close().line();
    }

    private static void footer(Html html, Material material) {
        html.open("footer")
                .leaf(
                        "p",
                        "Written by Switchback "
                                + material.program()
                                + " from the journal of "
                                + material.report().migration()
                                + ". This file loads nothing and sends nothing.")
                .close()
                .line();
    }

    private static String digest(String content) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(content.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(HtmlReport.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
