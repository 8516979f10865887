package dev.switchback.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Something of the user's that is called at a moment of the run: a command or an HTTP call, one of
 * the two.
 *
 * @param name where it stands in the document: {@code hooks[0]}
 * @param command word by word, never a shell
 * @param timeout of one call; the command and what it started are ended then
 * @param folder where the document lies; the command runs there
 */
public record Hook(
        String name,
        HookMoment at,
        Optional<List<String>> command,
        Optional<HttpCall> http,
        Duration timeout,
        OnFailure onFailure,
        Path folder) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
}
