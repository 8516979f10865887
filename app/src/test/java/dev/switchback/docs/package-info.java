/**
 * Keeps what the documents say and what the program does the same. Reads files of the repository;
 * opens no connection.
 */
@NullMarked
package dev.switchback.docs;

import org.jspecify.annotations.NullMarked;
