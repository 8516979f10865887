package dev.switchback.cli;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A clock that runs faster than the world's, so that a drill sees in a minute what takes a week.
 * Whoever uses it is told loudly: what is said about days is not true then.
 *
 * @param base what it shows when {@code started}
 * @param started when it was started, by the true clock
 * @param speed its seconds for one of the world's
 */
record DrillClock(Instant base, Instant started, double speed) implements InstantSource {

    /**
     * The machine's clock when nothing is asked for.
     *
     * @throws SwitchbackException USAGE when the speed is less than 1
     */
    static InstantSource of(double speed, Optional<Instant> base) {
        if (speed < 1 || !Double.isFinite(speed)) {
            throw new SwitchbackException(
                    Code.USAGE,
                    "--drill-clock-speed",
                    speed + " is no speed",
                    "a number from 1; leave it out for the true time");
        }
        InstantSource machine = InstantSource.system();
        if (speed == 1 && base.isEmpty()) {
            return machine;
        }
        Instant now = machine.instant();
        DrillClock clock = new DrillClock(base.orElse(now), now, speed);
        System.err.println(
                "DRILL: this is not the true time. The clock starts at "
                        + clock.base
                        + " and runs "
                        + speed
                        + " times as fast as the world's; every age and every day of stability below"
                        + " is made up. Never use it on a migration that matters.");
        return clock;
    }

    @Override
    public Instant instant() {
        Duration passed = Duration.between(started, InstantSource.system().instant());
        return base.plusNanos(Math.round(passed.toNanos() * speed));
    }
}
