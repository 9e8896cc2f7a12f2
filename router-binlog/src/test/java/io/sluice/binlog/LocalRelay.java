package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.Sessions;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.admin.ClientSessions;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.master.KnownSources;
import io.sluice.binlog.master.LinkCounters;
import io.sluice.binlog.master.MasterConnector;
import io.sluice.binlog.master.MasterVariables;
import io.sluice.binlog.replica.PresentedSource;
import io.sluice.binlog.replica.ReplicaContext;
import io.sluice.binlog.replica.ReplicaRegistry;
import io.sluice.binlog.store.StoreTester;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.MySqlRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A relay without sockets: the store is filled by the test, sessions are byte arrays. */
final class LocalRelay implements AutoCloseable {
  static final Map<String, String> VARIABLES =
      Map.of(
          "server_id", "1",
          "version", "11.8.9-MariaDB",
          "version_comment", "Debian",
          "binlog_checksum", "CRC32",
          "gtid_domain_id", "0",
          "log_bin", "ON",
          "sql_mode", "STRICT_TRANS_TABLES",
          "autocommit", "ON",
          "gtid_binlog_pos", "9-9-9",
          "rpl_semi_sync_master_enabled", "ON");

  final StoreTester store;
  final BinlogFeed feed;
  final FakeControl control = new FakeControl();
  final ReplicaRegistry registry = new ReplicaRegistry();
  final MasterVariables variables = new MasterVariables(null, Runnable::run);
  final List<Long> killed = new ArrayList<>();
  final BinlogStatus status;
  private final EventLoop loop = new DefaultEventLoop();
  private final ReplicaContext context;

  LocalRelay(Path directory) throws Exception {
    this(directory, VARIABLES);
  }

  /** Behind a master with these variables. */
  LocalRelay(Path directory, Map<String, String> master) throws Exception {
    Clock clock = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    store = new StoreTester(directory);
    feed = new BinlogFeed(store.store, FeedOptions.defaults());
    LinkCounters counters = new LinkCounters(clock);
    MasterConnector connector =
        new MasterConnector(
            new MasterConnector.Setup(
                "relay",
                loop,
                clock,
                4711,
                "d8a1c4f2-0000-11f0-8000-000000000001",
                Duration.ofSeconds(60),
                "",
                0,
                MasterConnector.SemiSync.OFF),
            control,
            new IdleWriter(),
            resume -> CompletableFuture.completedFuture(Optional.empty()),
            variables,
            new KnownSources(store.store),
            counters);
    status =
        new BinlogStatus(
            control,
            connector.link(),
            counters,
            variables,
            store.store,
            registry,
            new ClientSessions(clock),
            clock,
            clock.instant().minusSeconds(3600));
    context =
        new ReplicaContext(
            "relay",
            store.store,
            feed,
            registry,
            0,
            () -> false,
            () -> PresentedSource.of(variables::get, variables.ownPosition()));
    variables.set(master, Map.of());
  }

  BinlogRouterSession session(FakeSession session) {
    Sessions sessions =
        new Sessions() {
          @Override
          public boolean kill(long id, Failure failure) {
            killed.add(id);
            return id == 5;
          }
        };
    return new BinlogRouterSession(session, status, context, sessions);
  }

  /** Routes one packet of a client, header included, on the session's loop. */
  static void route(FakeSession session, BinlogRouterSession router, byte[] framed)
      throws Exception {
    ByteBuf content = Unpooled.copiedBuffer(framed);
    MySqlRequest request = MySqlRequest.of(Command.of(framed[4] & 0xff));
    session
        .eventLoop()
        .submit(() -> router.routeQuery(Message.whole(request, content)))
        .get(60, TimeUnit.SECONDS);
    assertThat(content.refCnt()).as("the request is released").isZero();
  }

  @Override
  public void close() {
    feed.close();
    store.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
