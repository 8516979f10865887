/**
 * Checks of the clusters around the databases: who puts our changes back, who else uses the source,
 * what runs or is due, whether there is room, how the applications are.
 */
@NullMarked
package dev.switchback.steps.cluster;

import org.jspecify.annotations.NullMarked;
