/** The fence against real servers and real attackers. */
@NullMarked
package dev.switchback.fence;

import org.jspecify.annotations.NullMarked;
