package dev.switchback.diagnose;

/**
 * Something that could not be looked at.
 *
 * @param needed without it a cause may go unseen; false for what is not everywhere, like a metrics
 *     server
 */
public record Unread(String what, String why, boolean needed) {}
