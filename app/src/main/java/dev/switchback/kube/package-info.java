/**
 * The door to Kubernetes: the only room that imports the client library. Hands out plain JSON
 * objects. Depends on {@code fault} and on {@code pg} for its secret type.
 */
@NullMarked
package dev.switchback.kube;

import org.jspecify.annotations.NullMarked;
