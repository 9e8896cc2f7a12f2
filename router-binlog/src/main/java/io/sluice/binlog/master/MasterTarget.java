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
   * The store follows this master now: another one needs a new permission. On the link's loop; must
   * not block.
   */
  default void onFollowed() {}
}
