package dev.switchback.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** When a hook of the document is called (docs/tell.md). */
public enum HookMoment {
    BEFORE_CHECK,
    AFTER_CHECK,
    BEFORE_PREPARE,
    AFTER_PREPARE,
    BEFORE_SYNC,
    AFTER_SYNC,
    BEFORE_CUTOVER,
    AFTER_CUTOVER,
    BEFORE_SETTLE,
    AFTER_SETTLE,
    BEFORE_CLEANUP,
    AFTER_CLEANUP,
    ON_ABORT,
    AFTER_ABORT,
    ON_ROLLBACK,
    AFTER_ROLLBACK;

    /** As the document writes it: {@code before-cutover}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<HookMoment> of(String word) {
        return Arrays.stream(values()).filter(m -> m.word().equals(word)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(HookMoment::word).toList();
    }
}
