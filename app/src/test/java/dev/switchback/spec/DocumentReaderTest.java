package dev.switchback.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentReaderTest {
    private static final String GOOD =
            """
            apiVersion: switchback.dev/v1alpha1
            kind: Migration
            metadata: {name: shop, namespace: prod}
            spec:
              strategy: offline
              source: {zalando: {cluster: shop-pg, namespace: data, context: old}}
              target: {cnpg: {cluster: shop-db}}
              databases: [shop, stock]
              writers: [deployment/web, statefulset/queue, cronjob/cleanup]
              endpoints:
                map: {shop-pg: shop-db-rw}
                in:
                  - {configMap: shop-env, keys: [DB_HOST]}
                  - {secret: shop-url, namespace: other}
                ca: {secret: shop-ca, with: shop-db-ca}
              budgets: {stopWriters: 90s, startWriters: 2h}
              jobs: 8
            """;

    @Test
    void everyFieldIsRead() {
        Migration shop = DocumentReader.parse("m.yaml", GOOD);
        assertThat(shop.identity()).isEqualTo("prod/shop: data/shop-pg -> prod/shop-db");
        assertThat(shop.source().context()).contains("old");
        assertThat(shop.target().context()).isEmpty();
        assertThat(shop.databases()).containsExactly("shop", "stock");
        assertThat(shop.writers())
                .extracting(Object::toString)
                .containsExactly("deployment/web", "statefulset/queue", "cronjob/cleanup");
        assertThat(shop.endpoints().map()).containsEntry("shop-pg", "shop-db-rw");
        assertThat(shop.endpoints().in())
                .extracting(Migration.Place::toString, Migration.Place::namespace)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("configmap/shop-env", "prod"),
                        org.assertj.core.groups.Tuple.tuple("secret/shop-url", "other"));
        assertThat(shop.endpoints().in().getFirst().keys()).containsExactly("DB_HOST");
        assertThat(shop.endpoints().ca().orElseThrow().key()).isEqualTo("ca.crt");
        assertThat(shop.budgets().stopWriters()).isEqualTo(Duration.ofSeconds(90));
        assertThat(shop.budgets().startWriters()).isEqualTo(Duration.ofHours(2));
        assertThat(shop.jobs()).isEqualTo(8);
    }

    @Test
    void whatIsLeftOutHasADefault() {
        Migration shop =
                DocumentReader.parse(
                        "m.yaml",
                        without(without(without(GOOD, "  databases:"), "  budgets:"), "  jobs:"));
        assertThat(shop.databases()).isEmpty();
        assertThat(shop.budgets()).isEqualTo(Migration.Budgets.DEFAULT);
        assertThat(shop.jobs()).isEqualTo(2);
    }

    @Test
    void everyProblemIsToldAtOnceUnderItsPath() {
        String bad =
                GOOD.replace("strategy: offline", "strategy: magic")
                        .replace("name: shop,", "name: Shop_1,")
                        .replace("cluster: shop-db", "klaster: shop-db")
                        .replace("deployment/web", "pod/web")
                        .replace("statefulset/queue", "queue")
                        .replace("keys: [DB_HOST]", "keys: DB_HOST")
                        .replace("90s", "90 seconds")
                        .replace("jobs: 8", "jobs: 65");
        List<Problem> problems = problems(bad);
        assertThat(problems)
                .extracting(Problem::object)
                .containsExactlyInAnyOrder(
                        "m.yaml metadata.name",
                        "m.yaml spec.strategy",
                        "m.yaml spec.target.cnpg.cluster",
                        "m.yaml spec.target.cnpg.klaster",
                        "m.yaml spec.writers[0]",
                        "m.yaml spec.writers[1]",
                        "m.yaml spec.endpoints.in[0].keys",
                        "m.yaml spec.budgets.stopWriters",
                        "m.yaml spec.jobs");
        assertThat(problems).allSatisfy(p -> assertThat(p.remedy()).isNotEmpty());
        assertThat(problems).extracting(Problem::code).containsOnly(Code.DOCUMENT_INVALID);
    }

    @Test
    void aMissingMappingIsMissedOnceAndNotItsFieldsToo() {
        assertThat(problems(without(GOOD, "  target:")))
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.object()).isEqualTo("m.yaml spec.target");
                    assertThat(p.what()).isEqualTo("missing");
                });
    }

    @Test
    void strategyOnlineIsReadWithItsDecisions() {
        Migration shop =
                DocumentReader.parse(
                        "m.yaml",
                        GOOD.replace("strategy: offline", "strategy: online")
                                        .replace("budgets: {", "budgets: {writePause: 5s, ")
                                + """
                                  approve: true
                                  rollback: {window: 36h}
                                  online: {unlogged: refuse, largeObjects: copy, sequenceGap: 0, maxLag: 1Mi, diskFloor: 25%}
                                """);
        assertThat(shop.strategy()).isEqualTo(Migration.Strategy.ONLINE);
        assertThat(shop.approve()).isTrue();
        assertThat(shop.budgets().writePause()).isEqualTo(Duration.ofSeconds(5));
        assertThat(shop.rollback().window()).isEqualTo(Duration.ofHours(36));
        assertThat(shop.online())
                .isEqualTo(new Online(Online.Carry.REFUSE, Online.Carry.COPY, 0, 1L << 20, 25));
    }

    @Test
    void whatIsNotSaidAboutOnlineIsItsDefault() {
        Migration shop = DocumentReader.parse("m.yaml", GOOD);
        assertThat(shop.approve()).isFalse();
        assertThat(shop.online()).isEqualTo(Online.DEFAULT);
        assertThat(shop.rollback()).isEqualTo(Rollback.DEFAULT);
    }

    @Test
    void wrongDecisionsAreToldUnderTheirPath() {
        assertThat(
                        problems(
                                GOOD
                                        + """
                                          approve: "yes"
                                          rollback: {window: two days}
                                          online: {unlogged: skip, largeObjects: 1, sequenceGap: -1, maxLag: much, diskFloor: 10}
                                        """))
                .extracting(Problem::object)
                .containsExactlyInAnyOrder(
                        "m.yaml spec.approve",
                        "m.yaml spec.rollback.window",
                        "m.yaml spec.online.unlogged",
                        "m.yaml spec.online.largeObjects",
                        "m.yaml spec.online.sequenceGap",
                        "m.yaml spec.online.maxLag",
                        "m.yaml spec.online.diskFloor");
    }

    @Test
    void whatALaterVersionWillDoIsRefusedRatherThanIgnored() {
        assertThat(problems(GOOD.replace("strategy: offline", "strategy: physical")))
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.object()).isEqualTo("m.yaml spec.strategy");
                    assertThat(p.code()).isEqualTo(Code.NOT_SUPPORTED_YET);
                });
    }

    @Test
    void anUnknownFieldIsToldWithTheKnownOnes() {
        assertThat(problems(GOOD.replace("jobs: 8", "job: 8")))
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.object()).isEqualTo("m.yaml spec.job");
                    assertThat(p.remedy()).contains("jobs", "writers");
                });
    }

    @Test
    void aDuplicateKeyAndASyntaxErrorNameTheLine() {
        assertThat(problems(GOOD + "  jobs: 3\n"))
                .singleElement()
                .satisfies(p -> assertThat(p.object()).startsWith("m.yaml:18:"));
        assertThat(problems("spec: [\n"))
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.object()).startsWith("m.yaml:");
                    assertThat(p.line()).doesNotContain("\n");
                });
    }

    @Test
    void whatIsNoMappingIsToldOnce() {
        for (String text : List.of("", "just words", "[a, b]", "---\n")) {
            assertThat(problems(text))
                    .as(text)
                    .singleElement()
                    .satisfies(p -> assertThat(p.what()).isEqualTo("is not a mapping"));
        }
    }

    @Test
    void aSecondDocumentInTheFileIsNotPassedOver() {
        assertThat(problems(GOOD + "---\n" + GOOD)).isNotEmpty();
    }

    @Test
    void aPlaceNamesExactlyOneObject() {
        assertThat(problems(GOOD.replace("{configMap: shop-env,", "{configMap: a, secret: b,")))
                .extracting(Problem::object)
                .containsExactly("m.yaml spec.endpoints.in[0]");
    }

    private static List<Problem> problems(String text) {
        SwitchbackException thrown =
                catchThrowableOfType(
                        SwitchbackException.class, () -> DocumentReader.parse("m.yaml", text));
        assertThat(thrown).as("accepted: " + text).isNotNull();
        return thrown.problems();
    }

    private static String without(String text, String start) {
        return text.lines()
                .filter(line -> !line.startsWith(start))
                .reduce("", (a, b) -> a + b + "\n");
    }
}
