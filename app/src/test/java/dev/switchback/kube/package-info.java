@NullMarked
package dev.switchback.kube;

import org.jspecify.annotations.NullMarked;
