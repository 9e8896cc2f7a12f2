package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.Privilege;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What statements do, and the privileges that they need for it: one of MariaDB, where until 10.11
 * SUPER does instead of most, or one of several of MySQL. Immutable.
 */
public enum Access {
  /** Looks at the files of the binary log. */
  LOG_STATUS(Privilege.REPLICATION_CLIENT, true, Privilege.SUPER, Privilege.REPLICATION_CLIENT),
  /** Looks at events of the binary log. */
  LOG_EVENTS(Privilege.REPLICATION_CLIENT, true, Privilege.REPLICATION_SLAVE),
  /** Looks at events of the relay log. */
  RELAY_LOG_EVENTS(Privilege.REPLICA_MONITOR, true, Privilege.REPLICATION_SLAVE),
  /** Looks at the state of a replica. */
  REPLICA_STATUS(Privilege.REPLICA_MONITOR, true, Privilege.SUPER, Privilege.REPLICATION_CLIENT),
  /** Looks at replicas. */
  REPLICAS(Privilege.REPLICATION_MASTER_ADMIN, false, Privilege.REPLICATION_SLAVE),
  /** Changes replication. */
  CHANGE_REPLICATION(
      Privilege.REPLICATION_SLAVE_ADMIN, true, Privilege.SUPER, Privilege.REPLICATION_SLAVE_ADMIN),
  /** Starts and stops replication. */
  RUN_REPLICATION(
      Privilege.REPLICATION_SLAVE_ADMIN, true, Privilege.SUPER, Privilege.REPLICATION_SLAVE_ADMIN),
  /** Purges. */
  PURGE(Privilege.BINLOG_ADMIN, true, Privilege.SUPER, Privilege.BINLOG_ADMIN),
  /** Flushes logs, forgets what a replica was told. */
  RELOAD(Privilege.RELOAD, false, Privilege.RELOAD),
  /** Flushes tables, resets the binary log. */
  FLUSH_TABLES(Privilege.RELOAD, false, Privilege.RELOAD, Privilege.FLUSH_TABLES),
  /** Flushes accounts. */
  FLUSH_PRIVILEGES(Privilege.RELOAD, false, Privilege.RELOAD, Privilege.FLUSH_PRIVILEGES),
  /** Flushes counters. */
  FLUSH_STATUS(Privilege.RELOAD, false, Privilege.RELOAD, Privilege.FLUSH_STATUS),
  /** Flushes what users have used. */
  FLUSH_USER_RESOURCES(Privilege.RELOAD, false, Privilege.RELOAD, Privilege.FLUSH_USER_RESOURCES),
  /** Flushes what the optimizer reckons with. */
  FLUSH_OPTIMIZER_COSTS(Privilege.RELOAD, false, Privilege.RELOAD, Privilege.FLUSH_OPTIMIZER_COSTS),
  /** Sets a global variable. */
  SET_GLOBAL(Privilege.SUPER, false, Privilege.SUPER, Privilege.SYSTEM_VARIABLES_ADMIN);

  private final Privilege mariaDb;
  private final boolean superWasEnough;
  private final Privilege mySql;
  private final @Nullable Privilege orMySql;

  Access(Privilege mariaDb, boolean superWasEnough, Privilege mySql) {
    this(mariaDb, superWasEnough, mySql, null);
  }

  Access(Privilege mariaDb, boolean superWasEnough, Privilege mySql, @Nullable Privilege orMySql) {
    this.mariaDb = mariaDb;
    this.superWasEnough = superWasEnough;
    this.mySql = mySql;
    this.orMySql = orMySql;
  }

  /**
   * Refuses a client that lacks the privilege.
   *
   * @throws SqlError in the server's words
   */
  public void require(Client client, PresentedVersion version) {
    SqlError refusal =
        version.isMySql() ? mySqlRefusal(client, version) : mariaDbRefusal(client, version);
    if (refusal != null) {
      throw refusal;
    }
  }

  private @Nullable SqlError mariaDbRefusal(Client client, PresentedVersion version) {
    boolean orSuper = superWasEnough && !version.isAtLeast(11, 0);
    if (client.hasAny(mariaDb) || (orSuper && client.hasAny(Privilege.SUPER))) {
      return null;
    }
    return denied((orSuper ? "SUPER, " : "") + mariaDb.sqlName());
  }

  private @Nullable SqlError mySqlRefusal(Client client, PresentedVersion version) {
    List<Privilege> wanted = new ArrayList<>();
    wanted.add(mySql);
    if (orMySql != null && (!orMySql.isMySqlDynamic() || isKnown(orMySql, version))) {
      wanted.add(orMySql);
    }
    if (client.hasAny(wanted.toArray(new Privilege[0]))) {
      return null;
    }
    if (this == RUN_REPLICATION && !version.isAtLeast(8, 0)) {
      return new SqlError(
          new ReplyError(
              1045,
              "28000",
              "Access denied for user " + client.quotedAccount() + " (using password: YES)"));
    }
    boolean alternatives = wanted.stream().anyMatch(Privilege::isMySqlDynamic);
    return denied(
        String.join(
            alternatives ? " or " : ", ", wanted.stream().map(Privilege::mySqlName).toList()));
  }

  private static boolean isKnown(Privilege privilege, PresentedVersion version) {
    return switch (privilege) {
      case FLUSH_TABLES, FLUSH_STATUS, FLUSH_USER_RESOURCES, FLUSH_OPTIMIZER_COSTS ->
          version.isAtLeast(8, 0, 23);
      case FLUSH_PRIVILEGES -> version.isAtLeast(8, 4);
      default -> version.isAtLeast(8, 0);
    };
  }

  private static SqlError denied(String privileges) {
    return new SqlError(
        ErrorCode.NEEDS_PRIVILEGE.error(
            "Access denied; you need (at least one of) the "
                + privileges
                + " privilege(s) for this operation"));
  }
}
