package io.sluice.binlog.sql;

import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.Privilege;

/**
 * The privileges that statements need, as MariaDB since 10.5 has them. Until 10.11 SUPER does
 * instead of most of them; from 11.0 on it does not. Immutable.
 */
public enum Access {
  /** Looks at the binary log. */
  BINLOG_MONITOR(Privilege.REPLICATION_CLIENT, true),
  /** Looks at the state of a replica. */
  SLAVE_MONITOR(Privilege.REPLICA_MONITOR, true),
  /** Looks at replicas. */
  REPLICATION_MASTER_ADMIN(Privilege.REPLICATION_MASTER_ADMIN, false),
  /** Changes replication. */
  REPLICATION_SLAVE_ADMIN(Privilege.REPLICATION_SLAVE_ADMIN, true),
  /** Purges. */
  BINLOG_ADMIN(Privilege.BINLOG_ADMIN, true),
  /** Flushes and resets. */
  RELOAD(Privilege.RELOAD, false);

  private final Privilege privilege;
  private final boolean superWasEnough;

  Access(Privilege privilege, boolean superWasEnough) {
    this.privilege = privilege;
    this.superWasEnough = superWasEnough;
  }

  /**
   * Refuses a client that lacks the privilege.
   *
   * @throws SqlError 1227 in the server's words
   */
  public void require(Client client, PresentedVersion version) {
    boolean orSuper = superWasEnough && !version.isAtLeast(11, 0);
    if (client.hasAny(privilege) || (orSuper && client.hasAny(Privilege.SUPER))) {
      return;
    }
    throw new SqlError(
        ErrorCode.NEEDS_PRIVILEGE.error(
            "Access denied; you need (at least one of) the "
                + (orSuper ? "SUPER, " : "")
                + privilege.sqlName()
                + " privilege(s) for this operation"));
  }
}
