package dev.switchback.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class TellSectionsTest {
    private static final String DOCUMENT =
            """
            apiVersion: switchback.dev/v1alpha1
            kind: Migration
            metadata: {name: shop, namespace: shop}
            spec:
              strategy: offline
              source: {zalando: {cluster: old}}
              target: {cnpg: {cluster: new}}
              writers: [deployment/web]
              endpoints: {map: {old: new-rw}, in: [{configMap: shop}]}
            """;

    private static Migration read(String more) {
        return DocumentReader.parse("doc", DOCUMENT + more.indent(2));
    }

    private static void refused(String more, String... words) {
        assertThatThrownBy(() -> read(more))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e ->
                                assertThat(
                                                e.problems().stream()
                                                        .map(Problem::line)
                                                        .reduce("", (a, b) -> a + "\n" + b))
                                        .contains(words));
    }

    @Test
    void everySectionIsRead() {
        Migration migration =
                read(
                        """
                        cutoverAt: "2026-12-01T02:00:00Z"
                        window: {utc: "02:00-06:00", blackout: ["2026-12-24/2026-12-26", "2026-12-31"]}
                        announce:
                          to:
                            - slack: {url: {secret: chat, key: url}}
                            - webhook: {url: "https://example.org/hook", headers: {Authorization: {secret: chat, key: login}}}
                          onFailure: block
                          retries: 1
                          timeout: 3s
                          progress: 25%
                          templates: {t-0: "{{migration}} begins, back {{predictedEnd}}"}
                        hooks:
                          - {at: before-cutover, command: [./maintenance, "on"], timeout: 5s, onFailure: block}
                          - {at: on-abort, http: {url: "http://example.org/", method: PUT}}
                        """);
        assertThat(migration.cutoverAt()).contains(Instant.parse("2026-12-01T02:00:00Z"));
        assertThat(migration.window().orElseThrow().blackout())
                .containsExactly(
                        new Window.Dates(LocalDate.of(2026, 12, 24), LocalDate.of(2026, 12, 26)),
                        new Window.Dates(LocalDate.of(2026, 12, 31), LocalDate.of(2026, 12, 31)));
        Announce announce = migration.announce();
        assertThat(announce.to())
                .extracting(Announce.Destination::form)
                .containsExactly(Announce.Form.SLACK, Announce.Form.WEBHOOK);
        assertThat(announce.to().getFirst().call().url())
                .isEqualTo(new Given.FromSecret("chat", "url"));
        assertThat(announce.onFailure()).isEqualTo(OnFailure.BLOCK);
        assertThat(announce.everyPercent()).isEqualTo(25);
        assertThat(announce.templates()).containsKey(Announcement.BEGIN);
        assertThat(migration.hooks())
                .extracting(Hook::at)
                .containsExactly(HookMoment.BEFORE_CUTOVER, HookMoment.ON_ABORT);
        assertThat(migration.hooks().getFirst().timeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void withoutTheSectionsNobodyIsTold() {
        Migration migration = read("");
        assertThat(migration.announce()).isEqualTo(Announce.NOBODY);
        assertThat(migration.hooks()).isEmpty();
        assertThat(migration.cutoverAt()).isEmpty();
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        refused("announce: {templates: {t-0: '{{who}}'}}", "templates.t-0", "'who'");
        refused("announce: {templates: {t-0: '{{migration'}}", "templates.t-0");
        refused("announce: {templates: {t-2h: 'soon'}}", "templates.t-2h", "t-24h");
        refused("announce: {to: [{slack: {url: 'https://hooks.example.org/T/B/x'}}]}", "Secret");
        refused("announce: {to: [{}]}", "announce.to[0]", "names nobody");
        refused("announce: {to: [{webhook: {url: 'ftp://example.org'}}]}", "no http or https");
        refused("announce: {to: [{webhook: {url: 'https://a:b@example.org'}}]}", "login");
        refused("announce: {progress: 1%}", "progress");
        refused("announce: {timeout: 5m}", "timeout");
        refused("hooks: [{at: before-lunch, command: [a]}]", "hooks[0].at", "before-cutover");
        refused("hooks: [{at: on-abort}]", "hooks[0]", "calls nothing");
        refused("hooks: [{at: on-abort, command: [a], http: {url: 'http://a'}}]", "both");
        refused("hooks: [{at: on-abort, http: {url: 'http://a', headers: {Host: b}}}]", "Host");
        refused("cutoverAt: tomorrow", "cutoverAt", "2026-11-22T02:00:00Z");
        refused("window: {utc: '02:00-06:00', blackout: ['2026-12-26/2026-12-24']}", "blackout");
    }

    @Test
    void everyPlaceholderHasAVariableOfItsOwn() {
        assertThat(List.of(Placeholder.values()).stream().map(Placeholder::variable))
                .doesNotHaveDuplicates()
                .contains("SWITCHBACK_MIGRATION", "SWITCHBACK_LIVE_SIDE");
    }
}
