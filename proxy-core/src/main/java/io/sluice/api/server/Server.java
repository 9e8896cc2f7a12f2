package io.sluice.api.server;

import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;

/**
 * A server of the configuration. Thread-safe; one object for each server as long as it is
 * configured.
 */
public interface Server {

  /** Its name in the configuration. */
  String name();

  /** Host name or address, as configured. */
  String host();

  /** TCP port. */
  int port();

  /** The name of the protocol it speaks. */
  String protocol();

  /** The options that its protocol was given. */
  default Settings options() {
    return Settings.defaults(SettingsSpec.EMPTY);
  }

  /** The latest state; a new immutable object after each change. */
  ServerState state();

  /** Notes of modules, such as what a protocol learned from the server's greeting. */
  Attributes attributes();
}
