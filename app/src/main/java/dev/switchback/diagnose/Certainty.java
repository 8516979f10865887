package dev.switchback.diagnose;

import java.util.Locale;

/** How far the evidence carries; the surest cause is told first. */
public enum Certainty {
    /** Seen itself: as long as it is so, the symptom cannot be otherwise. */
    CERTAIN,
    /** Seen, and it usually has this effect. */
    LIKELY,
    /** It fits, and other causes would look the same. */
    POSSIBLE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
