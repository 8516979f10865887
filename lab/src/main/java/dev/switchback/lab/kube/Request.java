package dev.switchback.lab.kube;

import java.time.Instant;

/**
 * One request the API received; the log of them proves what a program did and did not do.
 *
 * @param path with its query
 * @param user who the token belongs to, {@code system:anonymous} without a known token
 * @param status the code the client was answered, 0 when it never was
 * @param applied whether the cluster was changed, answered or not
 * @param at when it was received
 */
public record Request(
        String method, String path, String user, int status, boolean applied, Instant at) {

    /** Asks for a change, allowed or not; access reviews and dry runs do not. */
    public boolean isWrite() {
        return isMutating(method)
                && !path.contains("/authorization.k8s.io/")
                && !path.contains("dryRun=All");
    }

    static boolean isMutating(String method) {
        return switch (method) {
            case "POST", "PUT", "PATCH", "DELETE" -> true;
            default -> false;
        };
    }
}
