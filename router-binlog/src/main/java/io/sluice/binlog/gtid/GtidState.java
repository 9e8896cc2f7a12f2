package io.sluice.binlog.gtid;

/**
 * What of a history was written up to some point, in the terms of the server family that wrote it.
 * Immutable. The empty state of one family is as good as that of the other one; mixing anything
 * else is an error of the caller ({@link IllegalArgumentException}).
 */
public sealed interface GtidState permits MariaDbBinlogState, MySqlGtidSet {
  /** The empty state. */
  static GtidState empty(ServerFamily family) {
    return family == ServerFamily.MARIADB ? MariaDbBinlogState.EMPTY : MySqlGtidSet.EMPTY;
  }

  /** A builder for histories of a family, empty at first. */
  static Builder builder(ServerFamily family) {
    return family == ServerFamily.MARIADB
        ? new MariaDbBinlogState.Builder()
        : new MySqlGtidSet.Builder();
  }

  /** Whose history it is. */
  ServerFamily family();

  /** Tells whether nothing was written. */
  boolean isEmpty();

  /**
   * Tells whether a replica of this history has all that one of the other history has: MySQL, every
   * id of it; MariaDB, the last id of each of its domains, or a later one of the same server.
   */
  boolean contains(GtidState other);

  /**
   * What was written between an older state of the same history and this one: updating a builder of
   * the older state with the result gives this state.
   */
  GtidState changesSince(GtidState older);

  /** A builder that starts from this state. */
  Builder toBuilder();

  /** What a replica of this history says where it stands, as text: shorter than the state. */
  String positionText();

  /** The text that a server of the family prints. */
  @Override
  String toString();

  /** Collects what is written. Confined to one thread. */
  sealed interface Builder permits MariaDbBinlogState.Builder, MySqlGtidSet.Builder {
    /** Whose history is collected. */
    ServerFamily family();

    /** Forgets what was collected and takes over a state. */
    void set(GtidState state);

    /** Takes in what was written after the collected state. */
    void update(GtidState changes);

    /** Tells whether nothing was collected. */
    boolean isEmpty();

    /** An immutable copy. */
    GtidState snapshot();
  }
}
