package dev.switchback.roles;

/**
 * {@code member} belongs to {@code granted}; before PostgreSQL 16 {@code inherit} is the member's
 * own attribute and {@code set} is always true.
 */
record Membership(String granted, String member, boolean admin, boolean inherit, boolean set) {

    String text() {
        return member
                + " in "
                + granted
                + (admin ? " with admin" : "")
                + (inherit ? "" : " without inherit")
                + (set ? "" : " without set");
    }
}
