package io.sluice.binlog;

import io.sluice.binlog.control.ControlNote;
import io.sluice.binlog.control.MasterChange;
import io.sluice.binlog.control.RelayControl;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.master.MasterConfig;
import io.sluice.binlog.master.MasterPublicKey;
import io.sluice.binlog.master.MasterTarget;
import io.sluice.binlog.master.MasterTls;
import io.sluice.binlog.master.StartPoint;
import io.sluice.binlog.master.UseGtid;
import io.sluice.mysql.client.QueryClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes orders and does nothing but remember them. */
final class FakeControl implements RelayControl, MasterTarget {
  final List<String> orders = new ArrayList<>();

  /** What the next order fails with; null for none. */
  RuntimeException refusal;

  MasterConfig config =
      new MasterConfig(
          MasterConfig.Origin.CONFIGURATION,
          "master.example",
          3306,
          "repl",
          "secret",
          MasterTls.OFF,
          UseGtid.NO,
          new StartPoint.First(),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          0,
          MasterPublicKey.DEFAULT,
          false,
          true);

  private CompletableFuture<List<ControlNote>> order(String text) {
    orders.add(text);
    return refusal == null
        ? CompletableFuture.completedFuture(List.of())
        : CompletableFuture.failedFuture(refusal);
  }

  @Override
  public CompletableFuture<List<ControlNote>> changeMaster(MasterChange change) {
    return order("change " + change);
  }

  @Override
  public CompletableFuture<List<ControlNote>> startSlave() {
    return order("start");
  }

  @Override
  public CompletableFuture<List<ControlNote>> stopSlave() {
    return order("stop");
  }

  @Override
  public CompletableFuture<List<ControlNote>> resetSlave(boolean all) {
    return order("reset " + all);
  }

  @Override
  public CompletableFuture<List<ControlNote>> setGtidSlavePos(MariaDbGtidList position) {
    return order("gtid_slave_pos " + position);
  }

  @Override
  public CompletableFuture<List<ControlNote>> setGtidPurged(MySqlGtidSet set) {
    return order("gtid_purged " + set);
  }

  @Override
  public CompletableFuture<List<ControlNote>> purgeTo(String file) {
    return order("purge to " + file);
  }

  @Override
  public CompletableFuture<List<ControlNote>> purgeBefore(Instant time) {
    return order("purge before " + time);
  }

  @Override
  public MasterConfig config() {
    return config;
  }

  @Override
  public QueryClient dial(QueryClient.Listener listener) {
    throw new AssertionError("nobody dials");
  }
}
