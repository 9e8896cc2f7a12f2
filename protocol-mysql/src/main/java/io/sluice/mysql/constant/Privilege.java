package io.sluice.mysql.constant;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The global privileges of MariaDB, in the order in which SHOW GRANTS prints them; those of MySQL
 * that mean the same are read as them. Source: the public MariaDB manual, page GRANT, and what
 * servers of 10.11 and 11.4 keep in {@code mysql.global_priv}.
 */
public enum Privilege {
  /** Reads tables. */
  SELECT("SELECT", 0),
  /** Writes tables. */
  INSERT("INSERT", 1),
  /** Changes rows. */
  UPDATE("UPDATE", 2),
  /** Removes rows. */
  DELETE("DELETE", 3),
  /** Creates tables and databases. */
  CREATE("CREATE", 4),
  /** Drops tables and databases. */
  DROP("DROP", 5),
  /** Flushes and resets. */
  RELOAD("RELOAD", 6),
  /** Stops the server. */
  SHUTDOWN("SHUTDOWN", 7),
  /** Sees the connections of others. */
  PROCESS("PROCESS", 8),
  /** Reads and writes files on the server. */
  FILE("FILE", 9),
  /** Gives away what it has. */
  GRANT_OPTION("GRANT OPTION", 10),
  /** Makes foreign keys. */
  REFERENCES("REFERENCES", 11),
  /** Makes indexes. */
  INDEX("INDEX", 12),
  /** Changes tables. */
  ALTER("ALTER", 13),
  /** Sees all databases. */
  SHOW_DATABASES("SHOW DATABASES", 14),
  /** Much; until MariaDB 10.11 also what the privileges split off from it allow. */
  SUPER("SUPER", 15),
  /** Makes temporary tables. */
  CREATE_TEMPORARY_TABLES("CREATE TEMPORARY TABLES", 16),
  /** Locks tables. */
  LOCK_TABLES("LOCK TABLES", 17),
  /** Calls routines. */
  EXECUTE("EXECUTE", 18),
  /** Reads the binary log as a replica. */
  REPLICATION_SLAVE("REPLICATION SLAVE", 19),
  /** Looks at binary logs: BINLOG MONITOR of MariaDB since 10.5, once REPLICATION CLIENT. */
  REPLICATION_CLIENT("BINLOG MONITOR", 20),
  /** Makes views. */
  CREATE_VIEW("CREATE VIEW", 21),
  /** Sees how views are made. */
  SHOW_VIEW("SHOW VIEW", 22),
  /** Makes routines. */
  CREATE_ROUTINE("CREATE ROUTINE", 23),
  /** Changes routines. */
  ALTER_ROUTINE("ALTER ROUTINE", 24),
  /** Manages accounts. */
  CREATE_USER("CREATE USER", 25),
  /** Manages events. */
  EVENT("EVENT", 26),
  /** Manages triggers. */
  TRIGGER("TRIGGER", 27),
  /** Manages tablespaces. */
  CREATE_TABLESPACE("CREATE TABLESPACE", 28),
  /** Removes the history of versioned tables. */
  DELETE_HISTORY("DELETE HISTORY", 29),
  /** Makes views and routines for others. */
  SET_USER("SET USER", 30),
  /** Manages federated servers. */
  FEDERATED_ADMIN("FEDERATED ADMIN", 31),
  /** Manages connections of others, and is exempt from limits. */
  CONNECTION_ADMIN("CONNECTION ADMIN", 32),
  /** Writes even if read_only is set, and sets it. */
  READ_ONLY_ADMIN("READ_ONLY ADMIN", 33),
  /** Starts, stops and changes replication. */
  REPLICATION_SLAVE_ADMIN("REPLICATION SLAVE ADMIN", 34),
  /** Looks after replicas. */
  REPLICATION_MASTER_ADMIN("REPLICATION MASTER ADMIN", 35),
  /** Purges binary logs. */
  BINLOG_ADMIN("BINLOG ADMIN", 36),
  /** Replays binary logs. */
  BINLOG_REPLAY("BINLOG REPLAY", 37),
  /** Sees the state of a replica: SLAVE MONITOR, since 10.5.9. */
  REPLICA_MONITOR("SLAVE MONITOR", 38),
  /** Sees how routines are made; since 11.3. */
  SHOW_CREATE_ROUTINE("SHOW CREATE ROUTINE", 39);

  private final String sqlName;
  private final int bit;

  Privilege(String sqlName, int bit) {
    this.sqlName = sqlName;
    this.bit = bit;
  }

  /** As MariaDB prints it, in SHOW GRANTS and in error 1227. */
  public String sqlName() {
    return sqlName;
  }

  /** Its place in the number that MariaDB keeps as {@code access}. */
  public int bit() {
    return bit;
  }

  /**
   * What stands between GRANT and ON *.* in SHOW GRANTS: {@code USAGE} for nothing, {@code ALL
   * PRIVILEGES} for what a server of 10.5.9 and later calls so. {@link #GRANT_OPTION} is never part
   * of it: it is printed as {@code WITH GRANT OPTION} at the end of the line.
   */
  public static String list(Set<Privilege> granted) {
    Set<Privilege> all = EnumSet.complementOf(EnumSet.of(GRANT_OPTION, SHOW_CREATE_ROUTINE));
    if (granted.containsAll(all)) {
      return "ALL PRIVILEGES";
    }
    List<String> names = new ArrayList<>();
    for (Privilege privilege : values()) {
      if (privilege != GRANT_OPTION && granted.contains(privilege)) {
        names.add(privilege.sqlName);
      }
    }
    return names.isEmpty() ? "USAGE" : String.join(", ", names);
  }
}
