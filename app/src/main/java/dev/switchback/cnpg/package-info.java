/**
 * The world of CloudNativePG: its Cluster object, Secrets and Services. Depends on {@code kube},
 * {@code pg}, {@code spec}, {@code fault}.
 */
@NullMarked
package dev.switchback.cnpg;

import org.jspecify.annotations.NullMarked;
