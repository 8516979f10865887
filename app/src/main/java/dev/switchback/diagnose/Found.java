package dev.switchback.diagnose;

import java.util.List;

/** A cause that the evidence tells of, with every occurrence. */
public record Found(Cause cause, List<Cause.Because> because) {}
