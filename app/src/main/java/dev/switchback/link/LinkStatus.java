package dev.switchback.link;

import dev.switchback.pg.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one link is, read at one moment from both sides.
 *
 * @param slot empty when the publisher has no such slot
 * @param subscription empty when the subscriber has none
 * @param lagBytes WAL that the subscriber has not confirmed; 0 without a slot
 * @param lagSeconds age of the newest heartbeat on the subscriber; null while there was none
 * @param replaced why the slot is another one than was made, under the same name; empty when
 *     nothing speaks for that
 * @param problems what keeps it from being healthy, in words; empty when it is
 */
public record LinkStatus(
        String database,
        Optional<Slot.State> slot,
        Optional<Subscription.State> subscription,
        @Nullable Lsn position,
        long lagBytes,
        @Nullable Double lagSeconds,
        Optional<String> replaced,
        List<String> problems) {
    public boolean healthy() {
        return problems.isEmpty();
    }

    /** Whether rows can no longer arrive whatever happens: only a new copy helps. */
    public boolean lost() {
        return slot.isEmpty() || !slot.get().usable() || replaced.isPresent();
    }

    /** What keeps a link from being healthy. */
    static List<String> problems(
            Link link,
            Optional<Slot.State> slot,
            Optional<Subscription.State> subscription,
            Optional<String> replaced) {
        List<String> problems = new ArrayList<>();
        replaced.ifPresent(why -> problems.add("the slot " + link.name() + " " + another(why)));
        if (slot.isEmpty()) {
            problems.add("the slot " + link.name() + " is gone from " + link.publisher().display());
        } else if (!slot.get().usable()) {
            problems.add(
                    "the slot "
                            + link.name()
                            + " is "
                            + slot.get().walStatus()
                            + ": the WAL it needs was removed");
        }
        if (subscription.isEmpty()) {
            problems.add("the subscription " + link.name() + " is gone");
        } else {
            Subscription.State state = subscription.get();
            if (!state.enabled()) {
                problems.add("the subscription " + link.name() + " is disabled");
            } else if (state.worker() == null) {
                problems.add("the subscription " + link.name() + " has no running worker");
            }
            if (state.unready() > 0) {
                problems.add(state.unready() + " tables of " + link.name() + " are not ready");
            }
        }
        return problems;
    }

    static String another(String why) {
        return "was made again under the same name, not by us: " + why;
    }
}
