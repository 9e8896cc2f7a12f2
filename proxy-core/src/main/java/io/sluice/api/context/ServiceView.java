package io.sluice.api.context;

import io.sluice.api.server.Server;
import io.sluice.api.session.Credentials;
import java.util.List;
import java.util.Optional;

/** A service of the configuration, for its router, filters and listeners. Thread-safe. */
public interface ServiceView {

  /** Its name. */
  String name();

  /** The name of its router module. */
  String router();

  /** Its servers in the order of the configuration; those of its monitor if it names one. */
  List<Server> servers();

  /** Whether a monitor watches all of its servers. */
  boolean isMonitored();

  /** The service's own user, for work on its servers that no client asked for. */
  Optional<Credentials> credentials();
}
