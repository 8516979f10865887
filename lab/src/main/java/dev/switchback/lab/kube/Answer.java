package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One response of the API, and how it words its refusals; a text body is sent as plain text. */
record Answer(int status, JsonNode body) {
    boolean isSuccess() {
        return status < 300;
    }

    static Answer notFound(ApiPath path) {
        return failure(
                404,
                "NotFound",
                path,
                "%s \"%s\" not found".formatted(path.qualifiedResource(), path.name()));
    }

    static Answer alreadyExists(ApiPath path) {
        return failure(
                409,
                "AlreadyExists",
                path,
                "%s \"%s\" already exists".formatted(path.qualifiedResource(), path.name()));
    }

    static Answer conflict(ApiPath path) {
        return failure(
                409,
                "Conflict",
                path,
                ("Operation cannot be fulfilled on %s \"%s\": the object has been modified; please apply"
                                + " your changes to the latest version and try again")
                        .formatted(path.qualifiedResource(), path.name()));
    }

    static Answer badRequest(ApiPath path, String message) {
        return failure(400, "BadRequest", path, message);
    }

    static Answer invalid(ApiPath path, String message) {
        return failure(422, "Invalid", path, message);
    }

    static Answer forbidden(ApiPath path, String user, ApiPath.Attributes wish) {
        String object =
                path.name().isEmpty()
                        ? path.qualifiedResource()
                        : "%s \"%s\"".formatted(path.qualifiedResource(), path.name());
        String scope =
                wish.namespace().isEmpty()
                        ? "at the cluster scope"
                        : "in the namespace \"%s\"".formatted(wish.namespace());
        return failure(
                403,
                "Forbidden",
                path,
                "%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
                        .formatted(
                                object, user, wish.verb(), wish.resource(), wish.group(), scope));
    }

    static Answer failure(int code, String reason, ApiPath path, String message) {
        Answer answer = failure(code, reason, message);
        ObjectNode details = ((ObjectNode) answer.body()).putObject("details");
        if (!path.name().isEmpty()) {
            details.put("name", path.name());
        }
        if (!path.group().isEmpty()) {
            details.put("group", path.group());
        }
        details.put("kind", path.resource());
        return answer;
    }

    static Answer failure(int code, String reason, String message) {
        ObjectNode status = status("Failure");
        status.put("message", message).put("reason", reason).put("code", code);
        return new Answer(code, status);
    }

    /** What the API server answers to a fault on its way, in its own words. */
    static Answer fault(int code) {
        return switch (code) {
            case 429 ->
                    failure(
                            429,
                            "TooManyRequests",
                            "the server has received too many requests and has asked us to try again later");
            case 503 ->
                    failure(
                            503,
                            "ServiceUnavailable",
                            "the server is currently unable to handle the request");
            case 504 ->
                    failure(
                            504,
                            "Timeout",
                            "request did not complete within requested timeout - context deadline exceeded");
            default ->
                    failure(code, "InternalError", "Internal error occurred: a fault of the lab");
        };
    }

    static Answer deleted(ApiPath path, String uid) {
        ObjectNode status = status("Success");
        status.putObject("details")
                .put("name", path.name())
                .put("group", path.group())
                .put("kind", path.resource())
                .put("uid", uid);
        return new Answer(200, status);
    }

    private static ObjectNode status(String outcome) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        return status.put("status", outcome);
    }
}
