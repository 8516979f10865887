/** Backups of real servers into real folders and a real S3 server. */
@NullMarked
package dev.switchback.backup;

import org.jspecify.annotations.NullMarked;
