package dev.switchback.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.lab.browser.Chromium;
import dev.switchback.lab.demo.Program;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The page of a migration that failed once and then went through, in a real browser: at the width
 * of a desk and of a phone, in light and dark. Its pictures are kept in {@code target/screenshots}.
 */
@Tag("boundaries")
@Timeout(300)
class ReportBrowserTest {
    private static final Path PICTURES = Path.of("target", "screenshots");

    private static final String TOO_FAINT =
            """
            (() => {
              const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
              const linear = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
              const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
              const ground = (e) => {
                for (; e; e = e.parentElement) {
                  const c = parse(getComputedStyle(e).backgroundColor);
                  if (c.length < 4 || c[3] > 0) return c;
                }
                return [255, 255, 255];
              };
              const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              const bad = [];
              for (const e of document.querySelectorAll('body *')) {
                if (e.closest('script,svg')) continue;
                if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
                const r = ratio(light(parse(getComputedStyle(e).color)), light(ground(e)));
                if (r < 4.5) bad.push(e.tagName + ' ' + r.toFixed(2) + ' ' + e.textContent.slice(0, 40));
              }
              const under = light(parse(getComputedStyle(document.querySelector('.ground')).fill));
              for (const e of document.querySelectorAll('.bar .part')) {
                const r = ratio(light(parse(getComputedStyle(e).fill)), under);
                if (r < 3) bad.push(e.getAttribute('class') + ' ' + r.toFixed(2));
              }
              return bad;
            })()
            """;

    @Test
    void thePageReadsWellEverywhereAndLoadsNothing() throws Exception {
        Optional<Path> chromium = Chromium.program();
        assumeTrue(chromium.isPresent(), "no Chromium here: apt-get install chromium");
        try (Rig rig = new Rig();
                Chromium browser = Chromium.start(chromium.get())) {
            Path page = page(rig);
            URI address = page.toUri();
            for (int width : new int[] {1280, 390}) {
                for (String scheme : List.of("light", "dark")) {
                    String name = width + "-" + scheme;
                    browser.show(address, width, 900, scheme, true);
                    browser.screenshot(PICTURES.resolve("report-" + name + ".png"));
                    assertThat(browser.complaints()).as(name).isEmpty();
                    assertThat(browser.requests()).as(name).containsExactly(address.toString());
                    assertThat(number(browser, "document.documentElement.scrollWidth"))
                            .as(name)
                            .isLessThanOrEqualTo(number(browser, "innerWidth"));
                    JsonNode faint = browser.evaluate(TOO_FAINT);
                    assertThat(faint.isArray()).isTrue();
                    assertThat(faint).as(name).isEmpty();
                }
            }
            browser.evaluate("document.querySelector('button.all').click()");
            assertThat(number(browser, "document.querySelectorAll('.step:not([open])').length"))
                    .isZero();
            assertThat(number(browser, "document.documentElement.scrollWidth"))
                    .as("with every step open")
                    .isLessThanOrEqualTo(390);
            browser.screenshot(PICTURES.resolve("report-390-open.png"));
            browser.print(PICTURES.resolve("report.pdf"));
            assertThat(Files.size(PICTURES.resolve("report.pdf"))).isGreaterThan(10_000);
            sayTheSameWithoutScript(browser, address);
        }
    }

    /** A first try that fails behind the fence and is put back, then one that goes through. */
    private static Path page(Rig rig) throws Exception {
        Program.Result failed =
                rig.start("migrate", "--yes", "--drill-fail-at", "copy-tables").await(120);
        assertThat(failed.exit()).as(failed.err()).isEqualTo(1);
        Program.Result migrated = rig.start("migrate", "--yes").await(120);
        assertThat(migrated.exit()).as(migrated.err()).isZero();
        Path page = rig.lab.folder().resolve("report.html");
        Program.Result written = rig.start("report", "--html", page.toString()).await(60);
        assertThat(written.exit()).as(written.err()).isZero();
        assertThat(written.out()).contains("\"kind\" : \"ReportPage\"", page.toString());
        assertThat(Files.readString(page))
                .contains("<h3>Attempt 1</h3>", "Put back, in this order: ", "copy-tables, ")
                .contains("<h3>Attempt 2</h3>", "proven equal, every row of ", "engineer@lab");
        return page;
    }

    private static void sayTheSameWithoutScript(Chromium browser, URI address) throws Exception {
        browser.show(address, 390, 900, "light", false);
        assertThat(browser.evaluate("document.querySelector('button.all') === null").asBoolean())
                .isTrue();
        assertThat(number(browser, "document.querySelectorAll('main > section > h2').length"))
                .isEqualTo(13);
        browser.evaluate("document.querySelector('.step summary').click()");
        assertThat(browser.evaluate("document.querySelector('.step').open").asBoolean()).isTrue();
        assertThat(number(browser, "document.querySelector('.step .facts').offsetHeight"))
                .isPositive();
    }

    private static int number(Chromium browser, String expression) {
        return browser.evaluate(expression).asInt(-1);
    }
}
