/** Links between real servers that are killed, cut, starved and lied to. */
@NullMarked
package dev.switchback.link;

import org.jspecify.annotations.NullMarked;
