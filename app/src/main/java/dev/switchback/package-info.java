/** Main: wiring only. The rooms and their doors are listed in docs/architecture.md. */
@NullMarked
package dev.switchback;

import org.jspecify.annotations.NullMarked;
