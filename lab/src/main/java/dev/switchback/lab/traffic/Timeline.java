package dev.switchback.lab.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Times and order read off the ledger. */
final class Timeline {
    private Timeline() {}

    static Optional<Duration> longestPause(
            List<Acknowledgement> acknowledgements, Instant from, Instant to) {
        Duration longest = Duration.ZERO;
        Instant last = null;
        for (Acknowledgement a : acknowledgements) {
            if (last != null && !a.at().isBefore(from) && !last.isAfter(to)) {
                longest = longer(longest, Duration.between(last, a.at()));
            }
            last = a.at();
        }
        if (acknowledgements.isEmpty() || acknowledgements.getFirst().at().isAfter(to)) {
            return Optional.empty();
        }
        if (last != null && last.isBefore(to)) {
            longest = longer(longest, Duration.between(last, to));
        }
        return Optional.of(longest);
    }

    /**
     * The longest time from the first pod stopped or refused until as many serve again as before;
     * empty when they never do. A restart of a server long before the switch is a downtime of its
     * own.
     */
    static Optional<Duration> downtime(List<LedgerEvent> events, Instant from, Instant to) {
        Map<String, Boolean> serving = new HashMap<>();
        Duration longest = Duration.ZERO;
        Instant down = null;
        int expected = 0;
        for (LedgerEvent event : events) {
            if (event.at().isAfter(to)) {
                break;
            }
            int before = serving.size();
            switch (event.kind()) {
                case POD_STARTED -> serving.put(event.pod(), false);
                case POD_SERVING -> serving.put(event.pod(), true);
                case POD_REFUSED -> serving.put(event.pod(), false);
                case POD_STOPPING, POD_STOPPED -> serving.remove(event.pod());
            }
            boolean begins =
                    event.kind() == LedgerEvent.Kind.POD_REFUSED
                            || event.kind() == LedgerEvent.Kind.POD_STOPPING;
            if (down == null && begins && !event.at().isBefore(from)) {
                down = event.at();
                expected = before;
            }
            // a pod that stops does not make the others serve; only serving does
            boolean allServe =
                    event.kind() == LedgerEvent.Kind.POD_SERVING
                            && serving.size() >= expected
                            && !serving.containsValue(false);
            if (down != null && allServe) {
                longest = longer(longest, Duration.between(down, event.at()));
                down = null;
            }
        }
        return down == null ? Optional.of(longest) : Optional.empty();
    }

    /**
     * Acknowledgements by a server after another had taken over from it; each ordered switch back
     * begins the count anew.
     */
    static List<Acknowledgement> twoSides(
            List<Acknowledgement> acknowledgements, List<Instant> switchesBack) {
        List<Acknowledgement> violations = new ArrayList<>();
        List<String> order = new ArrayList<>();
        int era = 0;
        @Nullable String serving = null;
        for (Acknowledgement a : acknowledgements) {
            while (era < switchesBack.size() && a.at().isAfter(switchesBack.get(era))) {
                era++;
                order.clear();
                if (serving != null) {
                    order.add(serving);
                }
            }
            int place = order.indexOf(a.server());
            if (place < 0) {
                order.add(a.server());
                serving = a.server();
            } else if (place < order.size() - 1) {
                violations.add(a);
            }
        }
        return violations;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
