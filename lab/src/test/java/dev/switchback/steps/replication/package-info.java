@org.jspecify.annotations.NullMarked
package dev.switchback.steps.replication;
