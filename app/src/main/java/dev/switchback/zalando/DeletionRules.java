package dev.switchback.zalando;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What Zalando's operator does when a {@code postgresql} object is deleted, by its configuration
 * (facts/operators.md §2.11): an OperatorConfiguration or a ConfigMap.
 *
 * @param where the object that says so
 * @param dateKey annotation that must hold the day, or empty
 * @param nameKey annotation that must hold the cluster's name, or empty
 * @param volumes whether it deletes the volumes, and with them the data
 * @param secrets whether it deletes the Secrets
 */
public record DeletionRules(
        String where, String dateKey, String nameKey, boolean volumes, boolean secrets) {
    /** As the operator's manifests and its chart name the ConfigMap. */
    private static final String CONFIG_MAP = "postgres-operator";

    /**
     * @param namespace the operator's
     * @param name of the object, where there are several
     * @throws SwitchbackException DELETION_UNCLEAR when there is none or more than one, or it may
     *     not be read
     */
    public static DeletionRules read(Kube kube, String namespace, Optional<String> name) {
        List<DeletionRules> found = new ArrayList<>();
        try {
            for (KubeObject object : configurations(kube, namespace)) {
                if (name.isEmpty() || name.get().equals(object.name())) {
                    JsonNode settings = object.json().path("configuration").path("kubernetes");
                    found.add(
                            of(
                                    "OperatorConfiguration " + object.display(),
                                    key -> settings.path(key).asText("")));
                }
            }
            kube.get(Kind.CONFIG_MAP, namespace, name.orElse(CONFIG_MAP))
                    .ifPresent(object -> {
                        Map<String, String> data = object.data();
                        found.add(
                                of(
                                        "ConfigMap " + object.display(),
                                        key -> data.getOrDefault(key, "")));
                    });
        } catch (SwitchbackException e) {
            throw unclear(namespace, "cannot be read: " + e.problem().what());
        }
        if (found.size() != 1) {
            throw unclear(
                    namespace,
                    found.isEmpty()
                            ? "no configuration of the operator is there"
                            : "there are several configurations: "
                                    + String.join(
                                            ", ",
                                            found.stream().map(DeletionRules::where).toList()));
        }
        return found.getFirst();
    }

    /** None where the operator was installed without that kind. */
    private static List<KubeObject> configurations(Kube kube, String namespace) {
        try {
            return kube.list(Kind.OPERATOR_CONFIGURATION, namespace, Map.of());
        } catch (SwitchbackException e) {
            if (e.code() == Code.KUBE_NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    private static DeletionRules of(String where, UnaryOperator<String> setting) {
        return new DeletionRules(
                where,
                setting.apply("delete_annotation_date_key"),
                setting.apply("delete_annotation_name_key"),
                byDefault(setting.apply("enable_persistent_volume_claim_deletion")),
                byDefault(setting.apply("enable_secrets_deletion")));
    }

    /** Both are true unless said otherwise. */
    private static boolean byDefault(String word) {
        return !word.equals("false");
    }

    /** What will be gone, in words. */
    public String words() {
        return where
                + ": the operator deletes pods, Services and "
                + (volumes ? "the volumes with all data" : "keeps the volumes")
                + "; it "
                + (secrets ? "deletes" : "keeps")
                + " the Secrets"
                + (dateKey.isEmpty() && nameKey.isEmpty()
                        ? ""
                        : "; asked for by annotation: "
                                + String.join(
                                        ", ",
                                        List.of(dateKey, nameKey).stream()
                                                .filter(k -> !k.isEmpty())
                                                .toList()));
    }

    private static SwitchbackException unclear(String namespace, String what) {
        return new SwitchbackException(
                Code.DELETION_UNCLEAR,
                "operator's configuration in namespace " + namespace,
                what,
                "say where it is with spec.cleanup.operator (namespace, configuration), grant 'get' and"
                        + " 'list' there, or leave --delete-source out");
    }
}
