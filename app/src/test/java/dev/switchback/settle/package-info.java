/** Tests of judging, growth, logs and the exposition: no input or output. */
@NullMarked
package dev.switchback.settle;

import org.jspecify.annotations.NullMarked;
