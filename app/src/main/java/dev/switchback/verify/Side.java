package dev.switchback.verify;

import java.util.Locale;

/** Of a comparison. */
enum Side {
    SOURCE,
    TARGET;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
