@NullMarked
package dev.switchback.diagnose;

import org.jspecify.annotations.NullMarked;
