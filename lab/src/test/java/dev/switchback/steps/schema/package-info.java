/** Tests of the steps about definitions, against real servers. */
@org.jspecify.annotations.NullMarked
package dev.switchback.steps.schema;
