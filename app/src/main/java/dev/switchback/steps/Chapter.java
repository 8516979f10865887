package dev.switchback.steps;

/** Where a check stands in the guide; {@code check} prints them in this order. */
public enum Chapter {
    ACCESS("Access and tools"),
    INFRASTRUCTURE("Infrastructure and health"),
    BACKUP("1.1 Safety backup"),
    TARGET("1.2 CNPG preparation"),
    APPLICATION("1.3 Application health"),
    DATA("Databases, roles and data"),
    TIMING("Timing and capacity"),
    CLEANUP("Phase 5 Cleanup");

    private final String title;

    Chapter(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
