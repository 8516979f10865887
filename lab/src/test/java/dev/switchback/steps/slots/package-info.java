/** Tests of the steps about slots, against a real Patroni cluster. */
@org.jspecify.annotations.NullMarked
package dev.switchback.steps.slots;
