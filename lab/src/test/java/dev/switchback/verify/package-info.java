@NullMarked
package dev.switchback.verify;

import org.jspecify.annotations.NullMarked;
