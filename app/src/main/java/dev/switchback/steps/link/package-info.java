/** Steps about the replication links: made, seeded, followed, drained, turned round, taken away. */
@NullMarked
package dev.switchback.steps.link;

import org.jspecify.annotations.NullMarked;
