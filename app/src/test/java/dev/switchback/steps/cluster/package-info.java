@NullMarked
package dev.switchback.steps.cluster;

import org.jspecify.annotations.NullMarked;
