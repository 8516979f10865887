package dev.switchback.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The Role and the program name the same kinds. That each verb that is used is granted, is proved
 * by every test in the lab: its API server refuses what the Role does not allow.
 */
class RoleTest {
    /** Read only where somebody granted it besides the Role: it lives outside our namespaces. */
    private static final Set<Kind> ELSEWHERE =
            Set.of(Kind.FLUX_KUSTOMIZATION, Kind.NODE, Kind.OPERATOR_CONFIGURATION);

    @Test
    void everyKindThatTheProgramReadsIsInTheRole() {
        Set<String> granted =
                Access.rights().stream()
                        .filter(r -> r.verb().equals("get") || r.verb().equals("list"))
                        .map(r -> r.group() + "/" + r.kind())
                        .collect(Collectors.toSet());
        // Events are only written
        assertThat(
                        Arrays.stream(Kind.values())
                                .filter(k -> k != Kind.EVENT && !ELSEWHERE.contains(k)))
                .allSatisfy(
                        kind -> assertThat(granted).contains(kind.group() + "/" + kind.plural()));
    }

    @Test
    void nothingElseIsInTheRole() {
        Set<String> known =
                Arrays.stream(Kind.values())
                        .map(k -> k.group() + "/" + k.plural())
                        .collect(Collectors.toSet());
        assertThat(Access.rights())
                .allSatisfy(right -> {
                    assertThat(known).contains(right.group() + "/" + right.kind());
                    assertThat(right.verb()).isNotIn("*", "delete", "deletecollection", "watch");
                    assertThat(right.subresource()).isIn("", "scale", "log");
                });
    }

    @Test
    void cleanupMayDeleteWhatIsOursAndTheSourceAndNothingElse() {
        assertThat(Access.rightsOfCleanup())
                .extracting(r -> r.verb() + " " + r.resource())
                .containsExactlyInAnyOrder(
                        "delete configmaps",
                        "delete secrets",
                        "delete leases",
                        "delete postgresqls",
                        "get operatorconfigurations",
                        "list operatorconfigurations");
    }
}
