/** Tests of the checks of databases, against real servers of every major. */
@org.jspecify.annotations.NullMarked
package dev.switchback.steps.checks;
