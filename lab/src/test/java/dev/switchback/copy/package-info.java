@NullMarked
package dev.switchback.copy;

import org.jspecify.annotations.NullMarked;
