package io.sluice.binlog.control;

import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.master.MasterConfig;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The orders that an administrator may give, by SQL or by module commands.
 *
 * <ol>
 *   <li>Any thread may call; orders are followed one after the other.
 *   <li>A future completes when the effect is there, such as the link being down, on a thread of
 *       the relay: hop to your own. Its value is what else there is to tell.
 *   <li>A refused order completes with a {@link ControlException} and has changed nothing.
 *   <li>Privileges are the caller's business.
 * </ol>
 */
public interface RelayControl {

  /** CHANGE MASTER TO: another master, or another way to it. Only while the link is stopped. */
  CompletableFuture<List<ControlNote>> changeMaster(MasterChange change);

  /** START SLAVE: completes once the link is trying, not when it is connected. */
  CompletableFuture<List<ControlNote>> startSlave();

  /** STOP SLAVE: completes when the link is down and nothing is written any more. */
  CompletableFuture<List<ControlNote>> stopSlave();

  /**
   * RESET SLAVE: forgets errors and a start position; the stored log stays. Only while the link is
   * stopped.
   *
   * @param all also everything that CHANGE MASTER said: the master is again that of the
   *     configuration
   */
  CompletableFuture<List<ControlNote>> resetSlave(boolean all);

  /**
   * SET GLOBAL gtid_slave_pos: where an empty store begins. A store with data accepts only its own
   * position, one of MySQL none. Only while the link is stopped.
   */
  CompletableFuture<List<ControlNote>> setGtidSlavePos(MariaDbGtidList position);

  /**
   * SET GLOBAL gtid_purged: where an empty store begins. A store with data accepts only what it has
   * already, one of MariaDB nothing. Only while the link is stopped.
   */
  CompletableFuture<List<ControlNote>> setGtidPurged(MySqlGtidSet set);

  /** PURGE BINARY LOGS TO: removes the files before this one. */
  CompletableFuture<List<ControlNote>> purgeTo(String file);

  /** PURGE BINARY LOGS BEFORE: removes the oldest files that were last written before a time. */
  CompletableFuture<List<ControlNote>> purgeBefore(Instant time);

  /** Which master, and how to reach it. Never blocks. */
  MasterConfig config();
}
