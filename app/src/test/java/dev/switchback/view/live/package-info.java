/** Tests of the drawn run, without a terminal. */
@NullMarked
package dev.switchback.view.live;

import org.jspecify.annotations.NullMarked;
