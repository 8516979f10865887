/** Tests of what verify does before it asks a server. */
@org.jspecify.annotations.NullMarked
package dev.switchback.verify;
