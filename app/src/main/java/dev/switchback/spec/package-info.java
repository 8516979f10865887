/** The migration document as pure records, and its reader. Depends on {@code fault} only. */
@NullMarked
package dev.switchback.spec;

import org.jspecify.annotations.NullMarked;
