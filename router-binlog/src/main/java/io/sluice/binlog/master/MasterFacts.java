package io.sluice.binlog.master;

import io.sluice.binlog.gtid.ServerFamily;

/**
 * What a master said of itself at the last registration. Immutable.
 *
 * @param serverId its server id
 * @param version its version, without the prefix of the greeting
 * @param serverUuid its server uuid; empty for MariaDB
 * @param gtidMode its {@code gtid_mode}; empty for MariaDB
 */
public record MasterFacts(long serverId, String version, String serverUuid, String gtidMode) {

  /** Whose dialect it speaks. */
  public ServerFamily family() {
    return ServerFamily.ofVersion(version);
  }
}
