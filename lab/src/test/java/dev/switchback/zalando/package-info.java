/** Tests of Zalando's world, against real servers. */
@org.jspecify.annotations.NullMarked
package dev.switchback.zalando;
