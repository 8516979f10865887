package dev.switchback.steps.slots;

import dev.switchback.steps.slots.ServerSlots.Slot;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whether a replica's copy of a logical slot could be used if that replica became the leader: no
 * catalog row that the copy still needs may have been removed on the leader, nor be removed from
 * now on. With {@code P} the {@code catalog_xmin} of the replica's physical slot on the leader,
 * {@code L} that of the logical slot on the leader, {@code S} that of its copy:
 *
 * <ol>
 *   <li>the copy is there;
 *   <li>{@code P} is there: from that moment the leader keeps rows for the replica too. {@code L}
 *       of that moment is remembered: what was removed before is older than it;
 *   <li>{@code S} has reached the remembered {@code L}, so it needs nothing that was gone by then;
 *   <li>{@code P} is not beyond {@code S}, so nothing that it needs went since.
 * </ol>
 *
 * <p>Patroni itself asks that {@code P} reach the remembered {@code L} before it logs {@code … is
 * safe to be used after a failover} (its {@code slots.py}; facts/patroni-lab.md §5 rule 6). That
 * implies the third rule, but {@code P} follows the oldest slot of all: of two that nobody reads
 * yet the younger would never be safe. What is remembered is lost with the process, and awaited
 * anew.
 */
final class FailoverReadiness {
    private final Map<String, Long> remembered = new HashMap<>();

    /**
     * One fresh look.
     *
     * @return why not yet; empty when the copy is safe
     */
    Optional<String> missing(String slot, String member, ServerSlots leader, ServerSlots replica) {
        String key = member + "/" + slot;
        OptionalLong physical =
                leader.slot(slotOf(member)).map(Slot::catalogXmin).orElse(OptionalLong.empty());
        OptionalLong logical =
                leader.slot(slot).map(Slot::catalogXmin).orElse(OptionalLong.empty());
        Optional<Slot> copy = replica.slot(slot);
        if (copy.isEmpty()) {
            remembered.remove(key);
            return Optional.of("slot " + slot + " is not on " + member + " yet");
        }
        if (physical.isEmpty() || logical.isEmpty()) {
            remembered.remove(key);
            return Optional.of(
                    "the leader does not keep catalog rows for "
                            + member
                            + " yet (catalog_xmin of slot "
                            + slotOf(member)
                            + ")");
        }
        long needed = remembered.computeIfAbsent(key, k -> logical.getAsLong());
        long kept = copy.get().catalogXmin().orElse(needed - 1); // keeps nothing: not ready
        if (older(kept, needed) || older(kept, physical.getAsLong())) {
            return Optional.of(
                    "slot "
                            + slot
                            + " on "
                            + member
                            + " has not caught up: its catalog_xmin is "
                            + kept
                            + ", it must reach "
                            + (older(kept, needed) ? needed : physical.getAsLong()));
        }
        return Optional.empty();
    }

    /** Transaction numbers wrap around: older is less than half of the circle behind. */
    static boolean older(long xid, long than) {
        return (int) (xid - than) < 0;
    }

    /**
     * The physical slot that Patroni keeps for a member: its name in small letters, {@code -} and
     * {@code .} as {@code _}, anything else as its number ({@code slot_name_from_member_name}).
     */
    static String slotOf(String member) {
        StringBuilder name = new StringBuilder();
        member.toLowerCase(Locale.ROOT)
                .chars()
                .forEach(c -> {
                    if (c == '-' || c == '.') {
                        name.append('_');
                    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') {
                        name.append((char) c);
                    } else {
                        name.append(String.format(Locale.ROOT, "u%04d", c));
                    }
                });
        return name.substring(0, Math.min(63, name.length()));
    }
}
