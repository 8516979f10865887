package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Who a token belongs to and what its owner may do. */
final class Access {
    private static final String EVERYWHERE = "*";
    private static final PolicyRule EVERYTHING =
            new PolicyRuleBuilder().withApiGroups("*").withResources("*").withVerbs("*").build();

    private final Map<String, User> users = new ConcurrentHashMap<>();

    record User(String name, List<Grant> grants) {}

    private record Grant(String namespace, PolicyRule rule) {}

    /** A new token for a user who may do nothing yet. */
    String token(String user) {
        String token = "lab-token-" + ApiStore.newUid();
        users.put(token, new User(user, new CopyOnWriteArrayList<>()));
        return token;
    }

    /** Everything, everywhere. */
    void grantAll(String token) {
        grant(token, EVERYWHERE, List.of(EVERYTHING));
    }

    /**
     * @param namespace {@code *} for every namespace and the cluster scope
     */
    void grant(String token, String namespace, List<PolicyRule> rules) {
        User user = users.get(token);
        if (user == null) {
            throw new IllegalArgumentException("not a token of this cluster");
        }
        rules.forEach(rule -> user.grants().add(new Grant(namespace, rule)));
    }

    /** A Role counts in its own namespace, or the given one when it names none. */
    void grant(String token, String namespace, HasMetadata object) {
        switch (object) {
            case ClusterRole role -> grant(token, EVERYWHERE, role.getRules());
            case Role role -> {
                @Nullable String own = role.getMetadata().getNamespace();
                grant(token, own == null ? namespace : own, role.getRules());
            }
            default -> {} // bindings and accounts shipped beside a Role grant nothing by themselves
        }
    }

    Optional<User> user(@Nullable String authorization) {
        return authorization != null && authorization.startsWith("Bearer ")
                ? Optional.ofNullable(users.get(authorization.substring("Bearer ".length())))
                : Optional.empty();
    }

    boolean allows(User user, ApiPath.Attributes wish) {
        return user.grants().stream()
                .anyMatch(grant ->
                        (grant.namespace().equals(EVERYWHERE)
                                        || grant.namespace().equals(wish.namespace()))
                                && covers(grant.rule(), wish));
    }

    private static boolean covers(PolicyRule rule, ApiPath.Attributes wish) {
        return matches(rule.getVerbs(), wish.verb())
                && matches(rule.getApiGroups(), wish.group())
                && (matches(rule.getResources(), wish.resource())
                        || anyWithSubresource(rule, wish.resource()))
                && (rule.getResourceNames().isEmpty()
                        || rule.getResourceNames().contains(wish.name()));
    }

    /** {@code *}/scale covers the scale of every resource. */
    private static boolean anyWithSubresource(PolicyRule rule, String resource) {
        int slash = resource.indexOf('/');
        return slash > 0 && rule.getResources().contains("*" + resource.substring(slash));
    }

    private static boolean matches(List<String> allowed, String wish) {
        return allowed.contains("*") || allowed.contains(wish);
    }

    /** Answers SelfSubjectAccessReview and SelfSubjectRulesReview. */
    Answer review(User user, ApiPath path, JsonNode body) {
        ObjectNode review = ((ObjectNode) body).deepCopy();
        ObjectNode status = review.putObject("status");
        if (path.resource().equals("selfsubjectrulesreviews")) {
            String namespace = review.at("/spec/namespace").asText();
            List<PolicyRule> rules =
                    user.grants().stream()
                            .filter(grant ->
                                    grant.namespace().equals(EVERYWHERE)
                                            || grant.namespace().equals(namespace))
                            .map(Grant::rule)
                            .toList();
            status.set("resourceRules", Patches.read(Serialization.asJson(rules)));
            status.putArray("nonResourceRules");
            status.put("incomplete", false);
        } else if (path.resource().equals("selfsubjectaccessreviews")) {
            JsonNode wish = review.at("/spec/resourceAttributes");
            String subresource = wish.path("subresource").asText("");
            status.put(
                    "allowed",
                    wish.isMissingNode()
                            || allows(
                                    user,
                                    new ApiPath.Attributes(
                                            wish.path("verb").asText(),
                                            wish.path("group").asText(""),
                                            wish.path("resource").asText()
                                                    + (subresource.isEmpty()
                                                            ? ""
                                                            : "/" + subresource),
                                            wish.path("namespace").asText(""),
                                            wish.path("name").asText(""))));
        } else {
            return Answer.notFound(path);
        }
        return new Answer(201, review);
    }
}
