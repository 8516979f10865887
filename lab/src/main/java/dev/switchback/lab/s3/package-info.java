/**
 * A real S3 server in this process, with its objects in memory; only its login and buckets are
 * ours.
 */
@NullMarked
package dev.switchback.lab.s3;

import org.jspecify.annotations.NullMarked;
