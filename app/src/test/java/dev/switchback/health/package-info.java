@NullMarked
package dev.switchback.health;

import org.jspecify.annotations.NullMarked;
