package dev.switchback.lab.demo;

import dev.switchback.lab.traffic.Pace;
import java.util.Locale;

/** The strategies of the document that the demo can show. */
public enum Strategy {
    OFFLINE,
    ONLINE;

    /** What the demo uses when nobody says. */
    static final Strategy DEFAULT = ONLINE;

    /** Traffic that shows it: online, an apply worker has to keep up with it. */
    Pace pace() {
        return this == ONLINE ? Pace.BUSY : Pace.DEFAULT;
    }

    /** As in the document. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
