/**
 * One database's rows following another's by PostgreSQL's own logical replication: publication,
 * slot, subscription, heartbeat, and the proof that everything has arrived. Native objects on
 * purpose: a crash of Switchback stops nothing. Knows nothing of Kubernetes and of the engine.
 */
@NullMarked
package dev.switchback.link;

import org.jspecify.annotations.NullMarked;
