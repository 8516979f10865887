package dev.switchback.spec;

import dev.switchback.spec.Settle.Limits;

/** Reader of the document's section about the time after the switch. */
final class SettleSection {
    private SettleSection() {}

    static Settle read(Fields section) {
        Settle settle =
                new Settle(
                        section.duration("watch", Settle.DEFAULT.watch()),
                        section.duration("interval", Settle.DEFAULT.interval()),
                        section.duration("baselineAfter", Settle.DEFAULT.baselineAfter()),
                        limits(section.optionalObject("alerts")));
        if (settle.interval().isZero()) {
            section.wrong("interval", "is nothing", "write it like 30s");
        }
        section.nothingElse();
        return settle;
    }

    private static Limits limits(Fields alerts) {
        Limits limits =
                new Limits(
                        share(alerts, "errorRate", Limits.DEFAULT.errorRate()),
                        alerts.decimal("responseFactor", Limits.DEFAULT.responseFactor(), 1, 1000),
                        alerts.duration("fullWithin", Limits.DEFAULT.fullWithin()),
                        share(alerts, "volumeShare", Limits.DEFAULT.volumeShare()),
                        share(alerts, "slotShare", Limits.DEFAULT.slotShare()),
                        alerts.duration("windowEnding", Limits.DEFAULT.windowEnding()),
                        alerts.integer("looks", Limits.DEFAULT.looks(), 1, 100));
        alerts.nothingElse();
        return limits;
    }

    private static double share(Fields alerts, String field, double byDefault) {
        int percent = (int) Math.round(byDefault * 100);
        return OnlineSections.percent(alerts, field, percent) / 100.0;
    }
}
