package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;

/**
 * Which words for replication a server of the presented version understands. MariaDB has kept all
 * of its own; MySQL took the words with MASTER and SLAVE out in 8.4, having had both since 8.0.
 * Immutable.
 *
 * @param version the version
 */
public record ReplicationWords(PresentedVersion version) {
  private static final int NO_CHANNEL = 3074;

  private boolean isMySqlFrom(int major, int minor, int patch) {
    return version.isMySql() && version.isAtLeast(major, minor, patch);
  }

  /** Whether the server is a MariaDB server: names of connections, ALL SLAVES, BINLOG STATUS. */
  public boolean isMariaDb() {
    return !version.isMySql();
  }

  /** MASTER and SLAVE. */
  public boolean hasOld() {
    return isMariaDb() || !version.isAtLeast(8, 4);
  }

  /** REPLICA in the place of SLAVE. */
  public boolean hasReplica() {
    return isMariaDb() || version.isAtLeast(8, 0, 22);
  }

  /** SHOW REPLICAS, and columns that are named after sources and replicas. */
  public boolean hasReplicas() {
    return hasReplica();
  }

  /** CHANGE REPLICATION SOURCE TO. */
  public boolean hasChangeSource() {
    return isMySqlFrom(8, 0, 23);
  }

  /** SHOW BINARY LOG STATUS, RESET BINARY LOGS AND GTIDS. */
  public boolean hasBinaryLogStatus() {
    return isMariaDb() || version.isAtLeast(8, 2);
  }

  /** FOR CHANNEL. */
  public boolean hasChannels() {
    return isMariaDb() || version.isAtLeast(5, 7, 6);
  }

  /** CHANGE REPLICATION FILTER. */
  public boolean hasFilters() {
    return isMySqlFrom(5, 7, 3);
  }

  /** Texts that say source and replica. */
  public boolean saysSource() {
    return isMySqlFrom(8, 0, 26);
  }

  /** {@code source} or {@code master}, as texts of the version call it. */
  public String source() {
    return saysSource() ? "source" : "master";
  }

  /** {@code replica} or {@code slave}, as texts of the version call it. */
  public String replica() {
    return saysSource() ? "replica" : "slave";
  }

  /** A text that is in the old words, in those of the version. */
  public String inOwnWords(String text) {
    return saysSource() ? text.replace("master", "source").replace("slave", "replica") : text;
  }

  /** What a replica's SQL thread says when it has nothing to do. */
  public String nothingToApply() {
    return version.isMySql() && !version.isAtLeast(5, 7)
        ? "Slave has read all relay log; waiting for the slave I/O thread to update it"
        : (saysSource() ? "Replica" : "Slave")
            + " has read all relay log; waiting for more updates";
  }

  /** What a dump thread says when everything was sent. */
  public String everythingSent() {
    if (saysSource()) {
      return "Source has sent all binlog to replica; waiting for more updates";
    }
    return version.isMySql() && !version.isAtLeast(5, 7)
        ? "Master has sent all binlog to slave; waiting for binlog to be updated"
        : "Master has sent all binlog to slave; waiting for more updates";
  }

  /** What a dump thread's command is called. */
  public String dumpCommand(boolean byGtid) {
    return version.isMySql() && byGtid ? "Binlog Dump GTID" : "Binlog Dump";
  }

  /** The state of the session that asks for states. */
  public String ownState() {
    boolean starting = isMariaDb() || (version.major() == 5 && version.minor() == 7);
    return starting ? "starting" : "init";
  }

  /** There is no channel of that name. */
  public SqlError unknownChannel(String name) {
    return new SqlError(
        new ReplyError(
            NO_CHANNEL,
            "HY000",
            (saysSource() ? "Replica" : "Slave") + " channel '" + name + "' does not exist."));
  }
}
