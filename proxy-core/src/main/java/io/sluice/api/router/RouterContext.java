package io.sluice.api.router;

import io.sluice.api.context.ModuleContext;
import io.sluice.api.context.ServiceView;

/** What a router works with. Thread-safe. */
public interface RouterContext extends ModuleContext {

  /** The service that the router serves. */
  ServiceView service();
}
