@NullMarked
package dev.switchback.spec;

import org.jspecify.annotations.NullMarked;
