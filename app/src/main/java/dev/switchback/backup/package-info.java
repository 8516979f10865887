/**
 * Safety backups: takes a dump of a database into a folder or a bucket without scratch space, slows
 * down when the source suffers, and proves what lies there by reading it back. Knows neither
 * Kubernetes nor the engine; never deletes a finished backup.
 */
@NullMarked
package dev.switchback.backup;

import org.jspecify.annotations.NullMarked;
