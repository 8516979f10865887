/** Embedded PostgreSQL servers of several majors, with TLS. */
@NullMarked
package dev.switchback.lab.pg;

import org.jspecify.annotations.NullMarked;
