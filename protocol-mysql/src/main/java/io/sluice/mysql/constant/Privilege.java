package io.sluice.mysql.constant;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The global privileges of MariaDB, in the order in which SHOW GRANTS prints them; those of MySQL
 * that mean the same are read as them. Behind them those that MySQL alone has. Source: the public
 * MariaDB manual, page GRANT, and what servers of 10.11 and 11.4 keep in {@code mysql.global_priv};
 * the public MySQL manual, page "Privileges Provided by MySQL", and SHOW PRIVILEGES of MySQL 9.7.
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
  SHOW_CREATE_ROUTINE("SHOW CREATE ROUTINE", 39),

  // Those of MySQL alone: two that it keeps in columns, the others in mysql.global_grants.
  CREATE_ROLE("CREATE ROLE"),
  DROP_ROLE("DROP ROLE"),
  ALLOW_NONEXISTENT_DEFINER("ALLOW_NONEXISTENT_DEFINER"),
  APPLICATION_PASSWORD_ADMIN("APPLICATION_PASSWORD_ADMIN"),
  AUDIT_ABORT_EXEMPT("AUDIT_ABORT_EXEMPT"),
  AUDIT_ADMIN("AUDIT_ADMIN"),
  AUTHENTICATION_POLICY_ADMIN("AUTHENTICATION_POLICY_ADMIN"),
  BACKUP_ADMIN("BACKUP_ADMIN"),
  BINLOG_ENCRYPTION_ADMIN("BINLOG_ENCRYPTION_ADMIN"),
  CLONE_ADMIN("CLONE_ADMIN"),
  CREATE_SPATIAL_REFERENCE_SYSTEM("CREATE_SPATIAL_REFERENCE_SYSTEM"),
  ENCRYPTION_KEY_ADMIN("ENCRYPTION_KEY_ADMIN"),
  FIREWALL_ADMIN("FIREWALL_ADMIN"),
  FIREWALL_EXEMPT("FIREWALL_EXEMPT"),
  FIREWALL_USER("FIREWALL_USER"),
  FLUSH_OPTIMIZER_COSTS("FLUSH_OPTIMIZER_COSTS"),
  FLUSH_PRIVILEGES("FLUSH_PRIVILEGES"),
  FLUSH_STATUS("FLUSH_STATUS"),
  FLUSH_TABLES("FLUSH_TABLES"),
  FLUSH_USER_RESOURCES("FLUSH_USER_RESOURCES"),
  GROUP_REPLICATION_ADMIN("GROUP_REPLICATION_ADMIN"),
  GROUP_REPLICATION_STREAM("GROUP_REPLICATION_STREAM"),
  INNODB_REDO_LOG_ARCHIVE("INNODB_REDO_LOG_ARCHIVE"),
  INNODB_REDO_LOG_ENABLE("INNODB_REDO_LOG_ENABLE"),
  MANAGE_DATA_MASKING_POLICY("MANAGE_DATA_MASKING_POLICY"),
  MASKING_DICTIONARIES_ADMIN("MASKING_DICTIONARIES_ADMIN"),
  NDB_STORED_USER("NDB_STORED_USER"),
  OPTIMIZE_LOCAL_TABLE("OPTIMIZE_LOCAL_TABLE"),
  PASSWORDLESS_USER_ADMIN("PASSWORDLESS_USER_ADMIN"),
  PERSIST_RO_VARIABLES_ADMIN("PERSIST_RO_VARIABLES_ADMIN"),
  REPLICATION_APPLIER("REPLICATION_APPLIER"),
  RESOURCE_GROUP_ADMIN("RESOURCE_GROUP_ADMIN"),
  RESOURCE_GROUP_USER("RESOURCE_GROUP_USER"),
  ROLE_ADMIN("ROLE_ADMIN"),
  SENSITIVE_VARIABLES_OBSERVER("SENSITIVE_VARIABLES_OBSERVER"),
  SERVICE_CONNECTION_ADMIN("SERVICE_CONNECTION_ADMIN"),
  SESSION_VARIABLES_ADMIN("SESSION_VARIABLES_ADMIN"),
  SET_ANY_DEFINER("SET_ANY_DEFINER"),
  SET_USER_ID("SET_USER_ID"),
  SHOW_ROUTINE("SHOW_ROUTINE"),
  SKIP_QUERY_REWRITE("SKIP_QUERY_REWRITE"),
  SYSTEM_USER("SYSTEM_USER"),
  SYSTEM_VARIABLES_ADMIN("SYSTEM_VARIABLES_ADMIN"),
  TABLE_ENCRYPTION_ADMIN("TABLE_ENCRYPTION_ADMIN"),
  TELEMETRY_LOG_ADMIN("TELEMETRY_LOG_ADMIN"),
  TP_CONNECTION_ADMIN("TP_CONNECTION_ADMIN"),
  TRANSACTION_GTID_TAG("TRANSACTION_GTID_TAG"),
  VERSION_TOKEN_ADMIN("VERSION_TOKEN_ADMIN"),
  XA_RECOVER_ADMIN("XA_RECOVER_ADMIN");

  private static final int NO_BIT = -1;

  /** What a server of MariaDB 10.5.9 and later calls ALL, but for the right to give it away. */
  private static final Set<Privilege> ALL_OF_MARIADB = allOfMariaDb();

  private final String sqlName;
  private final int bit;

  Privilege(String sqlName) {
    this(sqlName, NO_BIT);
  }

  Privilege(String sqlName, int bit) {
    this.sqlName = sqlName;
    this.bit = bit;
  }

  /** As MariaDB prints it, in SHOW GRANTS and in error 1227. */
  public String sqlName() {
    return sqlName;
  }

  /** Its place in the number that MariaDB keeps as {@code access}; negative for MySQL's own. */
  public int bit() {
    return bit;
  }

  /** Whether MariaDB has it. */
  public boolean isOfMariaDb() {
    return bit >= 0;
  }

  /** As MySQL prints it, in SHOW GRANTS and in error 1227. */
  public String mySqlName() {
    return switch (this) {
      case REPLICATION_CLIENT -> "REPLICATION CLIENT";
      case REPLICATION_SLAVE_ADMIN, BINLOG_ADMIN, CONNECTION_ADMIN -> name();
      default -> sqlName;
    };
  }

  /** Whether MySQL since 8.0 keeps it as a dynamic privilege, which SHOW GRANTS prints apart. */
  public boolean isMySqlDynamic() {
    return switch (this) {
      case REPLICATION_SLAVE_ADMIN, BINLOG_ADMIN, CONNECTION_ADMIN -> true;
      case CREATE_ROLE, DROP_ROLE -> false;
      default -> !isOfMariaDb();
    };
  }

  private static Set<Privilege> allOfMariaDb() {
    Set<Privilege> all = EnumSet.complementOf(EnumSet.of(GRANT_OPTION, SHOW_CREATE_ROUTINE));
    all.removeIf(privilege -> !privilege.isOfMariaDb());
    return all;
  }

  /**
   * What stands between GRANT and ON *.* in SHOW GRANTS of MariaDB: {@code USAGE} for nothing,
   * {@code ALL PRIVILEGES} for what a server of 10.5.9 and later calls so. {@link #GRANT_OPTION} is
   * never part of it: it is printed as {@code WITH GRANT OPTION} at the end of the line.
   */
  public static String list(Set<Privilege> granted) {
    if (granted.containsAll(ALL_OF_MARIADB)) {
      return "ALL PRIVILEGES";
    }
    List<String> names = new ArrayList<>();
    for (Privilege privilege : values()) {
      if (privilege != GRANT_OPTION && privilege.isOfMariaDb() && granted.contains(privilege)) {
        names.add(privilege.sqlName);
      }
    }
    return names.isEmpty() ? "USAGE" : String.join(", ", names);
  }
}
