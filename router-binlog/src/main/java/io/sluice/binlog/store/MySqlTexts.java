package io.sluice.binlog.store;

/**
 * The words with which a MySQL source refuses or ends a dump. They changed from master and slave to
 * source and replica, and became longer. Immutable.
 */
public final class MySqlTexts {
  static final String UNKNOWN_FILE = "Could not find first log file name in binary log index file";
  static final String NO_GTIDS =
      "Found old binary log without GTIDs while looking for the oldest binary log that contains any"
          + " GTID that is not in the given gtid set";

  private static final String OF_5_7 =
      "The slave is connecting using CHANGE MASTER TO MASTER_AUTO_POSITION = 1, but the master has"
          + " purged binary logs containing GTIDs that the slave requires.";

  /** The longest text of an error; what is longer is cut. */
  private static final int MAX_TEXT = 511;

  private final MySqlSource source;
  private final String master;

  /** The texts of a source. */
  public MySqlTexts(MySqlSource source) {
    this.source = source;
    this.master = source.saysSource() ? "source" : "master";
  }

  /** Cuts a text as a source does. */
  public static String cut(String text) {
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
  }

  String noAutoPosition() {
    return source.isOf56()
        ? NO_GTIDS
        : "The replication sender thread cannot start in AUTO_POSITION mode: this server has"
            + " GTID_MODE = "
            + source.gtidMode()
            + " instead of ON.";
  }

  String hasMore() {
    return source.saysSource()
        ? "Replica has more GTIDs than the source has, using the source's SERVER_UUID. This may"
            + " indicate that the the last binary log file was truncated or lost, e.g., after a"
            + " power failure when sync_binlog != 1. The source may have rolled back transactions"
            + " that were already replicated to the replica. Replicate any transactions that source"
            + " has rolled back from replica to source, and/or commit empty transactions on source"
            + " to account for transactions that have been committed on source but are not included"
            + " in GTID_EXECUTED."
        : "Slave has more GTIDs than the master has, using the master's SERVER_UUID. This may"
            + " indicate that the end of the binary log was truncated or that the last binary log"
            + " file was lost, e.g., after a power or disk failure when sync_binlog != 1. The"
            + " master may or may not have rolled back transactions that were already replicated to"
            + " the slave. Suggest to replicate any transactions that master has rolled back from"
            + " slave to master, and/or commit empty transactions on master to account for"
            + " transactions that have been committed on master but are not included in"
            + " GTID_EXECUTED.";
  }

  /**
   * Transactions that the replica lacks are not in the log any more.
   *
   * @param sent what the replica has
   * @param missing what it lacks
   */
  String purged(String sent, String missing) {
    if (!source.namesMissing()) {
      return OF_5_7;
    }
    String replica = source.saysSource() ? "replica" : "slave";
    String head =
        (source.isBefore8()
                ? OF_5_7 + " Replicate"
                : "Cannot replicate because the "
                    + master
                    + " purged required binary logs. Replicate")
            + " the missing transactions from elsewhere, or provision a new "
            + replica
            + " from backup. Consider increasing the "
            + master
            + "'s binary log expiration period. ";
    String end = source.isBefore8() ? "." : "";
    String whole =
        head
            + "The GTID set sent by the "
            + replica
            + " is '"
            + sent
            + "', and the missing transactions are '"
            + missing
            + "'"
            + end;
    return whole.length() <= MAX_TEXT
        ? whole
        : head
            + "The GTID sets and the missing purged transactions are too long to print in this"
            + " message. For more information, please see the "
            + master
            + "'s error log or the manual for GTID_SUBTRACT"
            + end;
  }

  /** Whether errors that come before the stream begins name the places too. */
  boolean namesPlacesAtStart() {
    return source.isOf56();
  }

  /** Whether the stream is that of 5.6. */
  public boolean isOf56() {
    return source.isOf56();
  }

  String beforeFirst() {
    return "Client requested " + master + " to start replication from position < 4";
  }

  String behindEnd() {
    return "Client requested " + master + " to start replication from position > file size";
  }

  /** A transaction without a GTID where only those with one can be told apart. */
  String anonymous(String file, long position) {
    return "Cannot replicate anonymous transaction when AUTO_POSITION = 1, at file "
        + source.logDirectory()
        + file
        + ", position "
        + position
        + ".";
  }

  /** The replica's client does not know checksums. */
  public String checksumUnaware() {
    return source.saysSource()
        ? "Replica can not handle replication events with the checksum that source is configured"
            + " to log"
        : "Slave can not handle replication events with the checksum that master is configured to"
            + " log";
  }

  /** Another replica with the same UUID or id has come. */
  public String superseded() {
    return source.saysSource()
        ? "A replica with the same server_uuid/server_id as this replica has connected to the source"
        : "A slave with the same server_uuid/server_id as this slave has connected to the master";
  }

  /** An event is longer than any. */
  public String tooLarge() {
    return "log event entry exceeded max_allowed_packet; Increase max_allowed_packet on " + master;
  }

  /** The log ends inside an event. */
  public String truncated() {
    return "binlog truncated in the middle of event; consider out of disk space on " + master;
  }

  /** The text of a place in the log. */
  public String path(String file) {
    return source.logDirectory() + file;
  }

  /** What follows an error that names the places. */
  public String places(String startFile, long start, String file, long lastEvent, long lastByte) {
    return "; the first event '"
        + startFile
        + "' at "
        + start
        + ", the last event read from '"
        + path(file)
        + "' at "
        + lastEvent
        + ", the last byte read from '"
        + path(file)
        + "' at "
        + lastByte
        + ".";
  }
}
