/** Tests of the steps about slots that need no server. */
@org.jspecify.annotations.NullMarked
package dev.switchback.steps.slots;
