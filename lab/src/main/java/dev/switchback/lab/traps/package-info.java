/**
 * The smoke database that holds every known trap of copying and comparing PostgreSQL databases, one
 * SQL file a trap. Knows only the lab's servers.
 */
@NullMarked
package dev.switchback.lab.traps;

import org.jspecify.annotations.NullMarked;
