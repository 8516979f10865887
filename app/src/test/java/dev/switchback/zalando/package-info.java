/** Tests of Zalando's world that need no server. */
@org.jspecify.annotations.NullMarked
package dev.switchback.zalando;
