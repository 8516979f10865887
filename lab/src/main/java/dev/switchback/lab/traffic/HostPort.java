package dev.switchback.lab.traffic;

/**
 * Where a service name leads at this moment.
 *
 * @param address IP address
 * @param port TCP port
 */
public record HostPort(String address, int port) {}
