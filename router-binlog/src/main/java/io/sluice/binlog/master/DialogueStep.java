package io.sluice.binlog.master;

/** The questions between login and stream, in their order. */
public enum DialogueStep {
  /** How far the master's clock is from ours. */
  CLOCK,
  /** Who it is. */
  IDENTITY,
  /** All of its variables, the source of the answers that replicas get. */
  VARIABLES,
  /** Which types and scopes they have. */
  TRAITS,
  /** How often it shall send heartbeats. */
  HEARTBEAT,
  /** That we understand checksums. */
  CHECKSUM,
  /** What it understood. */
  CHECKSUM_ANSWER,
  /** That we understand all of MariaDB's events. */
  CAPABILITY,
  /** What a MySQL master says of its GTIDs. */
  GTIDS,
  /** Which one of a MySQL master's replicas we are. */
  UUID,
  /** Which files it has; only to begin an empty store or to explain a mismatch. */
  LOGS,
  /** At which GTID a file begins; only to begin an empty store at a GTID. */
  FILE_START,
  /** Whether its history agrees with what we have stored. */
  VERIFY,
  /** Whether its log contains the end of ours; only if another history may follow. */
  BINLOG_STATE,
  /** Nothing: our store gets ready for another history. */
  EPOCH,
  /** The registration as a replica. */
  REGISTER,
  /** Whether it knows semi-synchronous replication. */
  SEMI_SYNC,
  /** That we acknowledge. */
  SEMI_SYNC_ON,
  /** The dump request. */
  DUMP
}
