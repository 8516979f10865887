@NullMarked
package dev.switchback.transfer;

import org.jspecify.annotations.NullMarked;
