package io.sluice.binlog.master;

import io.sluice.mysql.client.QueryClient;

/** Where the link goes: asked anew for each attempt. Thread-safe. */
public interface MasterTarget {

  /** Which master, as an administrator wants it now. */
  MasterConfig config();

  /**
   * Opens the dummy client to that master.
   *
   * @throws io.sluice.api.config.InvalidConfigException if it cannot be dialed as it is configured,
   *     such as for a certificate file that is gone
   */
  QueryClient dial(QueryClient.Listener listener);

  /**
   * The store follows this master now: what is asked of the master is asked there, and another one
   * needs a new permission. Once for each connection; on the link's loop; must not block.
   */
  default void onFollowed() {}
}
