package dev.switchback.steps.replication;

import java.util.Collection;

/** What can be told from what may be read: not everything. */
public enum Answer {
    YES,
    NO,
    UNKNOWN;

    static Answer of(boolean holds) {
        return holds ? YES : NO;
    }

    /** YES when all are; NO as soon as one is. */
    static Answer all(Collection<Answer> answers) {
        return answers.contains(NO) ? NO : answers.contains(UNKNOWN) ? UNKNOWN : YES;
    }

    /** YES as soon as one is; NO when all are. */
    static Answer any(Collection<Answer> answers) {
        return answers.contains(YES) ? YES : answers.contains(UNKNOWN) ? UNKNOWN : NO;
    }
}
