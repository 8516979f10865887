/** Tests of announcements and hooks with real HTTP servers and real children. */
@org.jspecify.annotations.NullMarked
package dev.switchback.notify;
