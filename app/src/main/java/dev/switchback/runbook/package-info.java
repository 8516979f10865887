/** The runbooks – each reads like the guide – and the stage on which they are run. */
@NullMarked
package dev.switchback.runbook;

import org.jspecify.annotations.NullMarked;
