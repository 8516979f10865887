/** Tests of connection strings. */
@org.jspecify.annotations.NullMarked
package dev.switchback.pg;
