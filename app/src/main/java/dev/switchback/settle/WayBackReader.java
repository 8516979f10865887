package dev.switchback.settle;

import java.time.Duration;

/** The reverse link and what going back would cost. */
final class WayBackReader implements Reader {
    static final String NAME = "way back";

    private final WayBack wayBack;

    WayBackReader(WayBack wayBack) {
        this.wayBack = wayBack;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void read(Look look, Past past) throws InterruptedException {
        WayBack.Standing standing = wayBack.now();
        look.put(Metric.ROLLBACK_STATE, 1, "state", standing.rollback());
        if (!standing.link().equals("none")) {
            boolean streaming = standing.link().equals("streaming");
            look.say(
                    Metric.LINK_UP,
                    streaming ? 1 : 0,
                    standing.linkReason(),
                    "direction",
                    "reverse");
        }
        for (WayBack.Lag lag : standing.lags()) {
            String[] of = {"direction", "reverse", "database", lag.database()};
            look.put(Metric.LINK_LAG_BYTES, lag.bytes(), of);
            if (lag.seconds() != null) {
                look.put(Metric.LINK_LAG_SECONDS, lag.seconds(), of);
            }
        }
        if (standing.windowEnds() != null) {
            Duration left = Duration.between(look.at(), standing.windowEnds());
            look.say(
                    Metric.ROLLBACK_WINDOW_SECONDS,
                    left.toSeconds(),
                    (left.isNegative() ? "over since " : "ends ") + standing.windowEnds());
        }
    }
}
