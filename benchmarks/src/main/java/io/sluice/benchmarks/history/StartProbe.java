package io.sluice.benchmarks.history;

import io.sluice.benchmarks.contestant.Account;
import io.sluice.benchmarks.contestant.Contestant;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WirePacket;
import io.sluice.testkit.wire.WireWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Replicas that start behind a GTID and look how long they wait for their streams. */
public final class StartProbe {
  private static final int COM_REGISTER_SLAVE = 0x15;
  private static final int COM_BINLOG_DUMP = 0x12;
  private static final int EVENT_TYPE = 1 + 4;
  private static final int EVENT_DATA = 1 + 19;
  private static final int GTID = 162;
  private static final double NANOSECONDS_PER_MILLISECOND = 1e6;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /**
   * What one replica has seen.
   *
   * @param firstPacket milliseconds from the command for the dump to the first packet
   * @param firstTransaction the same to the first transaction
   * @param sequence the sequence number of that
   */
  public record Wait(double firstPacket, double firstTransaction, long sequence) {}

  private StartProbe() {}

  /** One replica. */
  public static Wait one(Contestant contestant, String gtid) {
    try (WireClient client = prepare(contestant.port(), gtid, 7000)) {
      return dump(client, 7000, gtid);
    }
  }

  /** So many at once, at these places in turns. */
  public static List<Wait> together(Contestant contestant, List<String> gtids, int replicas)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(replicas);
    List<WireClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < replicas; i++) {
        clients.add(prepare(contestant.port(), gtids.get(i % gtids.size()), 7000L + i));
      }
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Wait>> futures = new ArrayList<>();
      for (int i = 0; i < replicas; i++) {
        WireClient client = clients.get(i);
        long id = 7000L + i;
        String gtid = gtids.get(i % gtids.size());
        Callable<Wait> task =
            () -> {
              go.await();
              return dump(client, id, gtid);
            };
        futures.add(threads.submit(task));
      }
      go.countDown();
      List<Wait> waits = new ArrayList<>();
      for (Future<Wait> future : futures) {
        waits.add(future.get());
      }
      return waits;
    } finally {
      clients.forEach(WireClient::close);
      threads.shutdownNow();
    }
  }

  /** Logs in and says all that a replica says before it asks for its dump. */
  static WireClient prepare(int port, String gtid, long serverId) {
    WireClient client = WireClient.open("127.0.0.1", port);
    try {
      client.timeout(PATIENCE);
      client.login(Account.REPLICA, Account.PASSWORD);
      client.query("SET @master_binlog_checksum= @@global.binlog_checksum");
      client.query("SET @mariadb_slave_capability=4");
      client.query("SET @slave_connect_state='" + gtid + "'");
      client.query("SET @slave_gtid_strict_mode=0");
      client.query("SET @slave_gtid_ignore_duplicates=0");
      client.command(
          new WireWriter()
              .u1(COM_REGISTER_SLAVE)
              .u4(serverId)
              .u1(0)
              .u1(0)
              .u1(0)
              .u2(3306)
              .u4(0)
              .u4(0)
              .toBytes());
      client.expectOk();
      return client;
    } catch (RuntimeException | AssertionError e) {
      client.close();
      throw e;
    }
  }

  /** Asks for the dump; returns when the first packet is here. */
  static WirePacket firstPacket(WireClient client, long serverId) {
    client.command(new WireWriter().u1(COM_BINLOG_DUMP).u4(4).u2(0).u4(serverId).toBytes());
    return event(client);
  }

  private static WirePacket event(WireClient client) {
    WirePacket packet = client.read();
    if (!packet.isOk()) {
      throw new IllegalStateException("stream: " + packet + " (expected: an event)");
    }
    return packet;
  }

  private static Wait dump(WireClient client, long serverId, String gtid) {
    long began = System.nanoTime();
    WirePacket packet = firstPacket(client, serverId);
    long first = System.nanoTime();
    while ((packet.payload()[EVENT_TYPE] & 0xff) != GTID) {
      packet = event(client);
    }
    long transaction = System.nanoTime();
    long sequence = packet.reader().skip(EVENT_DATA).u8();
    long behind = Long.parseLong(gtid.substring(gtid.lastIndexOf('-') + 1));
    if (sequence != behind + 1) {
      throw new IllegalStateException(
          "first transaction: " + sequence + " (expected: " + (behind + 1) + ")");
    }
    return new Wait(
        (first - began) / NANOSECONDS_PER_MILLISECOND,
        (transaction - began) / NANOSECONDS_PER_MILLISECOND,
        sequence);
  }
}
