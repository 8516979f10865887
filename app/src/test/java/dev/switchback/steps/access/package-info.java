/** Tests of the room of the same name that need no server. */
@org.jspecify.annotations.NullMarked
package dev.switchback.steps.access;
