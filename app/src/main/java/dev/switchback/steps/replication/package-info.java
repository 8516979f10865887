/**
 * Checks of what logical replication needs of both servers and of every table, and of what it does
 * not carry. Reads both sides through small queries beside the classes, writes nothing.
 */
@NullMarked
package dev.switchback.steps.replication;

import org.jspecify.annotations.NullMarked;
