/**
 * Announcements and hooks: who is told what at which moment of a run, how it is delivered, and that
 * it is told once an attempt. It hears of a run as the engine's herald; nothing here changes what a
 * run does but a declared {@code block} where users have service.
 */
@NullMarked
package dev.switchback.notify;

import org.jspecify.annotations.NullMarked;
