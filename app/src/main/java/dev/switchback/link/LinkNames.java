package dev.switchback.link;

import dev.switchback.pg.Sha256;

/**
 * Names of what one migration creates for its links: derived from its uid before they exist, so
 * that a run after a crash finds them, and two migrations on one server never meet. No operator's
 * pattern matches them (CloudNativePG's {@code _cnpg_}, Zalando's {@code fes_}).
 */
public record LinkNames(String uid) {
    private static final int UID_DIGITS = 8;
    private static final int DATABASE_DIGITS = 8;

    /**
     * @param migrationUid the journal's
     */
    public static LinkNames of(String migrationUid) {
        String digits = migrationUid.replace("-", "");
        return new LinkNames(digits.substring(0, Math.min(UID_DIGITS, digits.length())));
    }

    /** The role that subscribers log in with. */
    public String role() {
        return "switchback_" + uid;
    }

    public String publication(Direction direction) {
        return role() + "_" + direction.letter();
    }

    /**
     * Slot and subscription. Slots are the whole server's, so the database is part of the name; as
     * a digest, because a slot's name knows only small letters, digits and the underscore.
     */
    public String link(Direction direction, String database) {
        return publication(direction) + "_" + Sha256.hex(database).substring(0, DATABASE_DIGITS);
    }
}
