package dev.switchback.steps.link;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.link.Link;
import dev.switchback.link.LinkStatus;

/** What is wrong with a link, as a problem. */
final class LinkTrouble {
    private LinkTrouble() {}

    static Problem lost(Link link, LinkStatus status) {
        return new Problem(
                Code.SLOT_LOST,
                link.name(),
                String.join("; ", status.problems()),
                "what was committed since is missing for good: switchback abort, then migrate again");
    }

    static Problem broken(Link link, String what) {
        return new Problem(
                Code.LINK_BROKEN,
                link.name(),
                what,
                "read the subscriber's log for the server's words, mend the cause, and run again");
    }
}
