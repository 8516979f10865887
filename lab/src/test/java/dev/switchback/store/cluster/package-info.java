/** Journal, captured values and lock on an API server that fails and on real servers. */
@NullMarked
package dev.switchback.store.cluster;

import org.jspecify.annotations.NullMarked;
