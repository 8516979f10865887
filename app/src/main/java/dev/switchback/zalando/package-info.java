/**
 * The world of Zalando's postgres-operator: its custom resource, Secrets and Services. Depends on
 * {@code kube}, {@code pg}, {@code spec}, {@code fault}; names and defaults are cited in
 * docs/facts-we-rely-on.md.
 */
@NullMarked
package dev.switchback.zalando;

import org.jspecify.annotations.NullMarked;
