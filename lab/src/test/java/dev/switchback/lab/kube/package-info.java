@NullMarked
package dev.switchback.lab.kube;

import org.jspecify.annotations.NullMarked;
