/** Tests of the model behind the predictions. */
@NullMarked
package dev.switchback.estimate;

import org.jspecify.annotations.NullMarked;
