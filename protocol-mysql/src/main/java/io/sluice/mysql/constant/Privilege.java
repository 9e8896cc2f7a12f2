package io.sluice.mysql.constant;

/** Global privileges of an account that the proxy's own answers depend on. */
public enum Privilege {
  /** Everything. */
  SUPER,
  /** Sees the connections of others. */
  PROCESS,
  /** Flushes. */
  RELOAD,
  /** Reads the binary log as a replica. */
  REPLICATION_SLAVE,
  /** Asks for the state of replication; MariaDB since 10.5 calls it BINLOG MONITOR. */
  REPLICATION_CLIENT,
  /** MariaDB: manages replicas. */
  REPLICATION_MASTER_ADMIN,
  /** Manages replication: MariaDB REPLICATION SLAVE ADMIN, MySQL REPLICATION_SLAVE_ADMIN. */
  REPLICATION_SLAVE_ADMIN,
  /** MariaDB: sees the state of a replica. */
  REPLICA_MONITOR,
  /** Manages binary logs. */
  BINLOG_ADMIN,
  /** Manages connections of others. */
  CONNECTION_ADMIN
}
