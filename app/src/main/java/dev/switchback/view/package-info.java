/**
 * Renderings for people and programs: terminal narrative, text and JSON documents. Depends on the
 * records of {@code engine}, {@code spec} and {@code progress}, and on {@code pg} for quoting.
 */
@NullMarked
package dev.switchback.view;

import org.jspecify.annotations.NullMarked;
