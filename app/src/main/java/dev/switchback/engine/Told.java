package dev.switchback.engine;

import java.time.Instant;

/**
 * That something outside was told of a moment of the run, so that it is told once an attempt, also
 * by a run after a crash. It is written after the telling: a kill between the two tells twice.
 *
 * @param kind at which kind of boundary
 * @param what which moment, and whom: {@code hook before-cutover hooks[0]}; no secret
 * @param result how it went, in few words; no secret
 */
public record Told(Boundary.Kind kind, String what, int attempt, Instant at, String result) {}
