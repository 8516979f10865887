/** Tests of the checks of access, TLS and extensions, against real servers. */
@org.jspecify.annotations.NullMarked
package dev.switchback.steps.access;
