/**
 * What all steps share: the world they work in. The steps themselves sit in rooms by subject, one
 * file a step.
 */
@NullMarked
package dev.switchback.steps;

import org.jspecify.annotations.NullMarked;
