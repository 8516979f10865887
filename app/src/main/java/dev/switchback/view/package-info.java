/**
 * Renderings for people and programs: terminal narrative, text and JSON documents. Depends on pure
 * records only.
 */
@NullMarked
package dev.switchback.view;

import org.jspecify.annotations.NullMarked;
