package dev.switchback.diagnose;

import java.util.Locale;

/** What facts are about; each is one file of a bundle. */
public enum Topic {
    /** Where the migration stands, and what it stumbled over last. */
    JOURNAL,
    /** The operators' own objects. */
    CLUSTER,
    POOLER,
    SERVICE,
    VOLUME,
    POD,
    EVENT,
    /** Lines of logs by what they complain about. */
    LOG,
    /** A primary, as our own login finds it. */
    SERVER,
    /** Findings of the checks that {@code check} makes. */
    CHECK,
    /** Values that name a Service, and the writers that read them. */
    ENDPOINT,
    CERTIFICATE,
    NETWORK,
    /** Logins as the applications make them. */
    LOGIN,
    ROLE,
    /** A pooler's own console. */
    POOL,
    /** Row counts of both sides. */
    ROWS,
    SEQUENCE,
    REFERENCE,
    MATERIALIZED_VIEW,
    COLLATION,
    /** The source's fence, and what was written behind it. */
    FENCE,
    LINK,
    SESSIONS,
    /** Who waits for whom. */
    LOCK,
    STATEMENT,
    STATISTICS,
    INDEX,
    SETTING,
    RESOURCES,
    CHECKPOINTS,
    CACHE;

    /** As in documents: {@code materialized-view}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
