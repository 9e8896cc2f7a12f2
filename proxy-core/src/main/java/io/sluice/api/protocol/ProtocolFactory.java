package io.sluice.api.protocol;

import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ModuleFactory;

/**
 * Extension point: a wire protocol in both roles. {@link #settings()} are those of a listener.
 *
 * <ol>
 *   <li>{@link #createListener} is called once for each listener, {@link #createBackend} once for
 *       each server, on the starting thread; they may read files but do not wait for servers.
 *   <li>What they return is closed once, after its last connection.
 * </ol>
 */
public interface ProtocolFactory extends ModuleFactory {

  /** The settings that a server of this protocol may give in {@code options}. */
  SettingsSpec serverSettings();

  /** The server role, for one listener. */
  ClientProtocol createListener(ListenerContext context, Settings settings);

  /** The client role, for one server. */
  BackendProtocol createBackend(BackendProtocolContext context, Settings settings);
}
