/**
 * The application's side of the lab: a database shaped like Mastodon's with data to fill it, what
 * Spilo and the Zalando operator leave around it, and the sessions that keep a real cluster from
 * being idle. Uses {@code pg} and {@code lab.pg}; knows nothing of migrations.
 */
@NullMarked
package dev.switchback.lab.mastodon;

import org.jspecify.annotations.NullMarked;
