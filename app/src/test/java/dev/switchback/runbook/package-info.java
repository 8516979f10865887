/** Tests of what needs no server: the hash of a plan. */
@NullMarked
package dev.switchback.runbook;

import org.jspecify.annotations.NullMarked;
