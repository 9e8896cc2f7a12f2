package io.sluice.core.service;

/**
 * A snapshot of a listener for administrators. Immutable.
 *
 * @param name its name
 * @param service the service behind it
 * @param protocol the name of its module
 * @param address as configured
 * @param port the bound one, or the configured one while none is
 * @param state created, running, stopped or failed
 * @param accepted connections since the start
 * @param open connections now
 * @param message why it is in this state; empty when there is nothing to say
 */
public record ListenerInfo(
    String name,
    String service,
    String protocol,
    String address,
    int port,
    String state,
    long accepted,
    long open,
    String message) {}
