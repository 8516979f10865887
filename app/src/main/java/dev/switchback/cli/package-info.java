/**
 * The commands: read the line, call one service, print one result, answer one exit code. No logic
 * of migrations.
 */
@NullMarked
package dev.switchback.cli;

import org.jspecify.annotations.NullMarked;
