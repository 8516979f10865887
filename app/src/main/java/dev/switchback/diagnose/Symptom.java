package dev.switchback.diagnose;

import java.util.Locale;

/** What a person sees; the guide has a chapter for each. */
public enum Symptom {
    BACKUP("The migration or its backup fails while it reads the source"),
    RESTORE("The target does not take the data"),
    CONNECT("The applications do not connect"),
    DATA("The data is inconsistent"),
    PERFORMANCE("The service is slower than before");

    private final String title;

    Symptom(String title) {
        this.title = title;
    }

    /** As the command line names it: {@code backup}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String title() {
        return title;
    }
}
