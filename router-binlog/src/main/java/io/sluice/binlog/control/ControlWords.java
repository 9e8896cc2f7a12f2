package io.sluice.binlog.control;

import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.gtid.ServerVersion;
import org.jspecify.annotations.Nullable;

/**
 * The numbers and texts of refusals and notes, as the server has them that the relay looks like.
 * Immutable.
 */
public sealed interface ControlWords permits MariaDbWords, MySqlWords {

  /** What cannot be done while the link runs. */
  enum Order {
    /** CHANGE, of what only the link needs. */
    CHANGE,
    /** CHANGE, of how positions are counted. */
    CHANGE_POSITIONING,
    /** RESET, or another start. */
    RESET
  }

  /**
   * Those of a version.
   *
   * @param version as VERSION() shows it; empty if it is not known yet
   */
  static ControlWords of(String version) {
    if (version.isEmpty() || ServerFamily.ofVersion(version) == ServerFamily.MARIADB) {
      return new MariaDbWords(!version.isEmpty());
    }
    return new MySqlWords(ServerVersion.number(version));
  }

  /** Whose words they are; null while nobody knows the master. */
  @Nullable ServerFamily family();

  /** The link runs. */
  ControlException running(Order order);

  /** START of a running link. */
  ControlNote alreadyRunning();

  /** STOP of a stopped link. */
  ControlNote alreadyStopped();

  /**
   * A wrong value.
   *
   * @param option its name behind {@code MASTER_}
   */
  ControlException wrong(String option);

  /** A file or position beside the wish to go by GTID. */
  ControlException coordinatesWithGtid();

  /** SET GLOBAL gtid_purged where there is a log already. */
  ControlException purgedConflict();

  /** A position that would make a gap or a copy. */
  ControlException conflict(String text);
}
