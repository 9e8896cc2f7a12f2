package io.sluice.testkit.server;

/** The vocabulary of replication: MariaDB's, MySQL's before 8.4, and MySQL's since then. */
enum ReplicaWords {
  MARIADB("SLAVE", "MASTER STATUS", "@@gtid_binlog_pos", "@@gtid_slave_pos"),
  MYSQL_OLD("SLAVE", "MASTER STATUS", "@@GLOBAL.gtid_executed", "@@GLOBAL.gtid_executed"),
  MYSQL_NEW("REPLICA", "BINARY LOG STATUS", "@@GLOBAL.gtid_executed", "@@GLOBAL.gtid_executed");

  private final String replica;
  private final String binlogStatus;
  private final String logged;
  private final String applied;

  ReplicaWords(String replica, String binlogStatus, String logged, String applied) {
    this.replica = replica;
    this.binlogStatus = binlogStatus;
    this.logged = logged;
    this.applied = applied;
  }

  /** {@code START SLAVE} or {@code STOP REPLICA}. */
  String command(String verb) {
    return verb + " " + replica;
  }

  String status() {
    return "SHOW " + replica + " STATUS";
  }

  String binlogStatus() {
    return "SHOW " + binlogStatus;
  }

  /** The query for the GTIDs in the server's binlog. */
  String loggedGtids() {
    return "SELECT " + logged;
  }

  /** The query for the GTIDs that a replica has applied. */
  String appliedGtids() {
    return "SELECT " + applied;
  }

  /** {@code CHANGE MASTER TO} with options in old words, as this server spells them. */
  String change(String options) {
    return this == MYSQL_NEW
        ? "CHANGE REPLICATION SOURCE TO "
            + options
                .replace("GET_MASTER_PUBLIC_KEY", "GET_SOURCE_PUBLIC_KEY")
                .replace("MASTER_", "SOURCE_")
        : "CHANGE MASTER TO " + options;
  }

  /**
   * A column of {@code SHOW REPLICA STATUS} under the name that it has in {@code SHOW SLAVE
   * STATUS}.
   */
  String oldName(String column) {
    return this == MYSQL_NEW
        ? column
            .replace("Get_Source_public_key", "Get_master_public_key")
            .replace("Source", "Master")
            .replace("Replica_", "Slave_")
        : column;
  }
}
