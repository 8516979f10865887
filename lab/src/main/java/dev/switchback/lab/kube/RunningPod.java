package dev.switchback.lab.kube;

import java.util.Map;

/**
 * A pod as its process sees itself: everything is read once, when it starts.
 *
 * @param owner kind and name of the workload, as in {@code deployment/mastodon-web}
 * @param env the environment of its first container
 * @param secretFiles contents of mounted Secrets, by name of the Secret, then of the file
 */
public record RunningPod(
        String namespace,
        String name,
        String owner,
        Map<String, String> env,
        Map<String, Map<String, String>> secretFiles) {
    public RunningPod {
        env = Map.copyOf(env);
        secretFiles = Map.copyOf(secretFiles);
    }

    /** Without the environment, which holds passwords. */
    @Override
    public String toString() {
        return namespace + "/" + name + " of " + owner;
    }
}
