package dev.switchback.spec;

import java.nio.file.Path;
import java.util.List;

/**
 * A file under Git in which the writers' endpoints stand as {@code KEY=value}, as Kustomize's
 * {@code configMapGenerator} reads it.
 *
 * @param path as the document writes it
 * @param file the same from the document's folder, absolute
 * @param folder the document's folder, in which {@code apply} is run
 * @param keys the keys to rewrite; empty means every key whose value names a mapped Service
 * @param apply the command that applies it, word by word; empty when a person merges it and
 *     somebody else applies it
 */
public record EndpointFile(
        String path, Path file, Path folder, List<String> keys, List<String> apply) {

    /** Whether we wait for a person's merge instead of applying it. */
    public boolean merged() {
        return apply.isEmpty();
    }
}
