@NullMarked
package dev.switchback.workload;

import org.jspecify.annotations.NullMarked;
