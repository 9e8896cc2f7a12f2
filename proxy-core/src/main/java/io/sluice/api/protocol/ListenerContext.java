package io.sluice.api.protocol;

import io.sluice.api.context.ModuleContext;
import io.sluice.api.context.ServiceView;

/** What a listener's protocol works with. Thread-safe. */
public interface ListenerContext extends ModuleContext {

  /** The service behind the listener. */
  ServiceView service();
}
