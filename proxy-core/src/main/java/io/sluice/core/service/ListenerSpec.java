package io.sluice.core.service;

import io.sluice.api.config.Settings;
import io.sluice.api.protocol.ProtocolFactory;

/**
 * A listener as the configuration has it. Immutable.
 *
 * @param name unique within its service
 * @param address host name or address
 * @param port TCP port, 0 for any free one
 * @param protocol its module
 * @param options the module's settings
 */
public record ListenerSpec(
    String name, String address, int port, ProtocolFactory protocol, Settings options) {}
