package dev.switchback.view.html;

import dev.switchback.view.Documents.Report;

/**
 * How it ended, in a few words.
 *
 * @param tone {@code good}, {@code bad} or {@code open}; said by the words, only underlined by
 *     colour
 */
record Verdict(String words, String serves, String tone) {

    static Verdict of(Report report) {
        return new Verdict(words(report.result()), serves(report.liveSide()), tone(report));
    }

    private static String words(String result) {
        return switch (result) {
            case "migrated" -> "Migrated.";
            case "returned" -> "Returned to the source.";
            case "rolledBack" -> "Not migrated: everything was put back.";
            case "aborted" -> "Aborted: everything was taken back.";
            case "stayed" -> "Stayed on the target: the way back was taken back.";
            case "incomplete" -> "Not finished: steps are left to do.";
            case "interrupted" -> "Interrupted, or under way: it can be resumed.";
            case "running" -> "Under way.";
            case "paused" -> "Paused.";
            case "waiting" -> "Waiting for a person.";
            case "stopped" -> "Stopped where it was told to.";
            case "blocked" -> "Blocked by a check; nothing was changed.";
            case "unknown" -> "Not known whether the commit point was passed.";
            default -> result;
        };
    }

    private static String serves(String side) {
        return switch (side) {
            case "source" -> "The source serves.";
            case "target" -> "The target serves.";
            default -> "Neither side may be written: the service is stopped.";
        };
    }

    private static String tone(Report report) {
        boolean different = report.mismatches() > 0;
        return switch (report.result()) {
            case "migrated", "returned", "stayed" -> different ? "bad" : "good";
            case "unknown" -> "bad";
            default -> report.liveSide().equals("none") ? "bad" : "open";
        };
    }
}
