@NullMarked
package dev.switchback.lab.traffic;

import org.jspecify.annotations.NullMarked;
