package dev.switchback.lab.kube;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The processes inside the pods. For one pod the calls come in order, the first two on threads of
 * their own, where a slow one delays no other pod.
 */
public interface PodListener {
    /** The pod runs and is ready. */
    void started(RunningPod pod);

    /** The pod is asked to stop (SIGTERM); complete the stage when it has. */
    default CompletionStage<Void> stopping(RunningPod pod) {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * The pod ended without having stopped by itself (SIGKILL); whatever it did ends before this
     * returns.
     */
    default void killed(RunningPod pod) {}
}
