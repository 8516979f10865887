/** Tests of the steps about roles, against real servers. */
@org.jspecify.annotations.NullMarked
package dev.switchback.steps.roles;
