package io.sluice.binlog.store;

import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import org.jspecify.annotations.Nullable;

/** Where a replica wants to begin. Immutable. */
public sealed interface StartRequest {
  /**
   * At a file and position.
   *
   * @param file the empty name is the oldest file
   * @param position 4 or more
   */
  record FilePosition(String file, long position) implements StartRequest {}

  /**
   * Behind a MariaDB GTID position.
   *
   * @param position {@code @slave_connect_state}
   * @param strict {@code @slave_gtid_strict_mode}
   * @param ignoreDuplicates {@code @slave_gtid_ignore_duplicates}
   * @param until {@code @slave_until_gtid}, null if not set
   * @param untilBefore {@code @slave_gtid_until_before_gtids}: the groups of {@code until}
   *     themselves are not wanted
   * @param ownPosition what the presented master has itself replicated ({@code gtid_slave_pos}
   *     there); empty if unknown
   */
  record MariaDbGtids(
      MariaDbGtidList position,
      boolean strict,
      boolean ignoreDuplicates,
      @Nullable MariaDbGtidList until,
      boolean untilBefore,
      MariaDbGtidList ownPosition)
      implements StartRequest {
    /** A request to a master that was never a replica. */
    public MariaDbGtids(
        MariaDbGtidList position,
        boolean strict,
        boolean ignoreDuplicates,
        @Nullable MariaDbGtidList until) {
      this(position, strict, ignoreDuplicates, until, false, MariaDbGtidList.EMPTY);
    }
  }

  /**
   * At a file and position of a MySQL source.
   *
   * @param file the empty name is the oldest file
   * @param position as asked for, also if it cannot be
   * @param source who is asked
   */
  record MySqlPosition(String file, long position, MySqlSource source) implements StartRequest {}

  /**
   * Behind a set of GTIDs of a MySQL source.
   *
   * @param executed what the replica has
   * @param file where to begin; empty where the first one stands that the replica lacks
   * @param position in the file, usually 4
   * @param source who is asked
   */
  record MySqlGtids(MySqlGtidSet executed, String file, long position, MySqlSource source)
      implements StartRequest {}
}
