/** The commands from outside: the shipped jar against a lab, as a user or a script meets it. */
@NullMarked
package dev.switchback.cli;

import org.jspecify.annotations.NullMarked;
