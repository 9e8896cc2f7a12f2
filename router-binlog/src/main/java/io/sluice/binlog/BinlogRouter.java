package io.sluice.binlog;

import io.netty.channel.EventLoop;
import io.sluice.api.admin.ModuleCommand;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.protocol.Capability;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterContext;
import io.sluice.api.router.RouterSession;
import io.sluice.api.server.Server;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.SessionContext;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.admin.RelayCommands;
import io.sluice.binlog.admin.RelayMeters;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.master.LinkCounters;
import io.sluice.binlog.master.MasterConnector;
import io.sluice.binlog.master.MasterLink;
import io.sluice.binlog.master.MasterVariables;
import io.sluice.binlog.replica.ReplicaContext;
import io.sluice.binlog.replica.ReplicaRegistry;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.FileBinlogStore;
import io.sluice.binlog.store.StoreOptions;
import io.sluice.mysql.client.QueryClient;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Collation;
import io.sluice.mysql.request.ClientState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay of one service. Owns store, feed, link and registry, which all its sessions share;
 * starts to follow the master as soon as it is made. Thread-safe.
 */
final class BinlogRouter implements Router {
  private static final Logger LOGGER = LoggerFactory.getLogger(BinlogRouter.class);
  private static final String STORE_DIRECTORY = "binlog";
  private static final String VARIABLES_FILE = "master-variables.json";

  /** What a replica agrees with its master: no more than it needs, so that any master will do. */
  private static final ClientState LINK_STATE =
      new ClientState(
          Capabilities.of(
              Capabilities.LONG_PASSWORD,
              Capabilities.LONG_FLAG,
              Capabilities.PROTOCOL_41,
              Capabilities.TRANSACTIONS,
              Capabilities.SECURE_CONNECTION,
              Capabilities.PLUGIN_AUTH,
              Capabilities.CONNECT_ATTRS,
              Capabilities.PLUGIN_AUTH_LENENC),
          Collation.UTF8MB4_GENERAL,
          null,
          ClientState.INTERNAL.attributes(),
          "");

  private static final int STOP_SECONDS = 5;

  private final RouterContext context;
  private final BinlogStore store;
  private final BinlogFeed feed;
  private final MasterConnector connector;
  private final MasterLink link;
  private final BinlogStatus status;
  private final ReplicaContext replicas;
  private final RelayMeters meters;

  private BinlogRouter(
      RouterContext context,
      BinlogConfig config,
      BinlogStore store,
      Server master,
      Credentials credentials) {
    this.context = context;
    this.store = store;
    this.feed = new BinlogFeed(store, new FeedOptions(config.tailSize(), config.cacheSize()));
    ReplicaRegistry registry = new ReplicaRegistry();
    MasterVariables variables =
        new MasterVariables(
            context.dataDirectory().resolve(VARIABLES_FILE), context.blockingExecutor());
    variables.load();
    LinkCounters counters = new LinkCounters(context.clock());
    this.connector = connector(context, config, store, master, credentials, variables, counters);
    this.link = connector.link();
    this.status =
        new BinlogStatus(
            master,
            credentials.user(),
            config.reconnectMin(),
            config.heartbeatPeriod(),
            link,
            counters,
            variables,
            store,
            registry,
            context.clock(),
            context.clock().instant());
    this.replicas =
        new ReplicaContext(
            context.name(),
            store,
            feed,
            registry,
            config.maxReplicas(),
            () -> "ON".equals(variables.get("master_verify_checksum")));
    this.meters = new RelayMeters(context.meters(), context.name(), status);
  }

  /**
   * Opens the store and starts to follow the master. Blocks for files only.
   *
   * @throws InvalidConfigException if the service lacks something, or the store cannot be opened
   */
  static BinlogRouter open(RouterContext context, BinlogConfig config) {
    List<Server> servers = context.service().servers();
    if (servers.size() != 1) {
      throw new InvalidConfigException(
          "servers", servers.size() + " servers (expected: one, the master)");
    }
    Credentials credentials =
        context
            .service()
            .credentials()
            .orElseThrow(
                () ->
                    new InvalidConfigException(
                        "user", "missing (expected: a user with REPLICATION SLAVE on the master)"));
    Path directory = context.dataDirectory().resolve(STORE_DIRECTORY);
    StoreOptions options =
        StoreOptions.defaults()
            .withSync(config.sync().policy())
            .withServeAfter(config.serveAfter());
    BinlogStore store;
    try {
      store = FileBinlogStore.open(directory, options);
    } catch (IOException e) {
      LOGGER.atError().addKeyValue("directory", directory).setCause(e).log("cannot open the store");
      throw new InvalidConfigException("router", "the store cannot be opened: " + e.getMessage());
    }
    BinlogRouter router = new BinlogRouter(context, config, store, servers.get(0), credentials);
    router.link.start();
    return router;
  }

  private static MasterConnector connector(
      RouterContext context,
      BinlogConfig config,
      BinlogStore store,
      Server master,
      Credentials credentials,
      MasterVariables variables,
      LinkCounters counters) {
    EventLoop loop = context.eventLoops().next();
    MasterConnector.Setup setup =
        new MasterConnector.Setup(
            context.name(),
            loop,
            context.clock(),
            config.serverId(),
            config.start(),
            config.heartbeatPeriod(),
            config.reportHost(),
            config.reportPort());
    MasterConnector connector =
        new MasterConnector(
            setup,
            config.reconnectMin(),
            config.reconnectMax(),
            store.writer(),
            variables,
            counters,
            listener ->
                QueryClient.open(
                    context.internalClients(),
                    context.name() + ": link",
                    master,
                    credentials,
                    LINK_STATE,
                    listener));
    return connector;
  }

  @Override
  public RouterSession newSession(SessionContext session) {
    return new BinlogRouterSession(session, status, replicas, context.sessions());
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.WHOLE_REQUESTS);
  }

  @Override
  public Map<String, Object> diagnostics() {
    return status.diagnostics();
  }

  @Override
  public List<ModuleCommand> commands() {
    return RelayCommands.of(link);
  }

  @Override
  public void close() {
    meters.close();
    try {
      connector.stop().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOGGER
          .atWarn()
          .addKeyValue("service", context.name())
          .setCause(e)
          .log("the link to the master did not stop in time");
    }
    feed.close();
    store.close();
  }
}
