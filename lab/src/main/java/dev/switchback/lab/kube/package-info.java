/**
 * A Kubernetes API on the loopback interface, with the controllers and operators that act on it
 * simulated. It is reached over TCP with a kubeconfig, by this process and by others, and refuses
 * what the caller's Role does not allow. It knows nothing of SQL: what an operator does to a
 * database goes through a callback.
 */
@NullMarked
package dev.switchback.lab.kube;

import org.jspecify.annotations.NullMarked;
