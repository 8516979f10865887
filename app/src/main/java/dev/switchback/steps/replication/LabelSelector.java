package dev.switchback.steps.replication;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A selector of Kubernetes over labels of which perhaps not all are known. An empty selector
 * matches everything.
 *
 * @param json {@code matchLabels} and {@code matchExpressions}
 */
record LabelSelector(JsonNode json) {

    /**
     * @param labels those known
     * @param complete whether there are no others
     */
    Answer matches(Map<String, String> labels, boolean complete) {
        List<Answer> answers = new ArrayList<>();
        json.path("matchLabels")
                .properties()
                .forEach(e ->
                        answers.add(one(labels, complete, e.getKey(), "In", List.of(text(e)))));
        for (JsonNode expression : json.path("matchExpressions")) {
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(v -> values.add(v.asText()));
            answers.add(
                    one(
                            labels,
                            complete,
                            expression.path("key").asText(),
                            expression.path("operator").asText(),
                            values));
        }
        return Answer.all(answers);
    }

    private static String text(Map.Entry<String, JsonNode> label) {
        return label.getValue().asText();
    }

    private static Answer one(
            Map<String, String> labels,
            boolean complete,
            String key,
            String operator,
            List<String> values) {
        String value = labels.get(key);
        if (value == null && !complete) {
            return Answer.UNKNOWN;
        }
        return switch (operator) {
            case "In" -> Answer.of(value != null && values.contains(value));
            case "NotIn" -> Answer.of(value == null || !values.contains(value));
            case "Exists" -> Answer.of(value != null);
            case "DoesNotExist" -> Answer.of(value == null);
            default -> Answer.UNKNOWN;
        };
    }
}
