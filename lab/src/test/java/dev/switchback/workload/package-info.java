/** The endpoints' files and the command that applies them, on real files and with real children. */
@NullMarked
package dev.switchback.workload;

import org.jspecify.annotations.NullMarked;
