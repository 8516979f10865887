/**
 * Whether a migration came out right: definitions, rows, references, sequences, endpoints, TLS and
 * speed, each with its evidence, and the guide's seven lines of success. Looks only. Data rooms
 * compare; this room decides what a difference means at the moment of looking.
 */
@NullMarked
package dev.switchback.steps.validation;

import org.jspecify.annotations.NullMarked;
