@NullMarked
package dev.switchback.lab.pg;

import org.jspecify.annotations.NullMarked;
