/** The journal, the captured values and the lock, kept in the cluster and on both servers. */
@NullMarked
package dev.switchback.store.cluster;

import org.jspecify.annotations.NullMarked;
