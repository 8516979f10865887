/**
 * What happens after the switch until the source is given up: both sides are read again and again,
 * judged by one list of alerts, and what was found is kept in the cluster. Writes nothing but that,
 * Kubernetes Events and the request of a first backup. Depends on {@code steps} and the rooms below
 * it; how the way back stands is handed in.
 */
@NullMarked
package dev.switchback.settle;

import org.jspecify.annotations.NullMarked;
