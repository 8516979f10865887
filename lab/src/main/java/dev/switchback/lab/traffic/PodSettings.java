package dev.switchback.lab.traffic;

/**
 * All that an application needs to connect.
 *
 * @param caPem certificate authority it trusts, PEM
 */
record PodSettings(PodEnvironment environment, String caPem) {}
