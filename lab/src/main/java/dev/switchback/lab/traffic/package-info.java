/**
 * The application's pods at work and the ledger that knows what they were promised: each pod writes
 * through the endpoint its environment named at start, each acknowledged transaction is entered
 * after COMMIT returned, and the judgement compares the ledger with what a server holds. Uses
 * {@code pg}; knows nothing of migrations or Kubernetes.
 */
@NullMarked
package dev.switchback.lab.traffic;

import org.jspecify.annotations.NullMarked;
