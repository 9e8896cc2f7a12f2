package io.sluice.binlog;

import io.netty.channel.EventLoop;
import io.sluice.api.admin.ModuleCommand;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.protocol.Capability;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterContext;
import io.sluice.api.router.RouterSession;
import io.sluice.api.router.RouterTarget;
import io.sluice.api.server.Server;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.SessionContext;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.admin.ClientSessions;
import io.sluice.binlog.admin.RelayCommands;
import io.sluice.binlog.admin.RelayMeters;
import io.sluice.binlog.control.ControlWords;
import io.sluice.binlog.control.LinkControl;
import io.sluice.binlog.control.RelayControl;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.master.KnownSources;
import io.sluice.binlog.master.LinkCounters;
import io.sluice.binlog.master.MasterConfig;
import io.sluice.binlog.master.MasterConfigFile;
import io.sluice.binlog.master.MasterConnector;
import io.sluice.binlog.master.MasterVariables;
import io.sluice.binlog.master.StoredTail;
import io.sluice.binlog.master.UseGtid;
import io.sluice.binlog.replica.PresentedSource;
import io.sluice.binlog.replica.ReplicaContext;
import io.sluice.binlog.replica.ReplicaRegistry;
import io.sluice.binlog.retention.KnownReplicas;
import io.sluice.binlog.retention.Retention;
import io.sluice.binlog.retention.RetentionCommands;
import io.sluice.binlog.retention.RetentionMeters;
import io.sluice.binlog.sql.StatementExecutor;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.FileBinlogStore;
import io.sluice.binlog.store.StoreOptions;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Collation;
import io.sluice.mysql.request.ClientState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final String KEY_FILE = "master.key";
  private static final String VARIABLES_FILE = "master-variables.json";
  private static final String UUID_FILE = "server-uuid";

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
  private final LinkControl control;
  private final MasterConnector connector;
  private final BinlogStatus status;
  private final ReplicaContext replicas;
  private final RelayMeters meters;
  private final Retention retention;
  private final RetentionMeters retentionMeters;

  private BinlogRouter(
      RouterContext context,
      BinlogConfig config,
      BinlogStore store,
      MasterVariables variables,
      String serverUuid,
      LinkControl control) {
    this.context = context;
    this.store = store;
    this.feed = new BinlogFeed(store, new FeedOptions(config.tailSize(), config.cacheSize()));
    ReplicaRegistry registry = new ReplicaRegistry();
    LinkCounters counters = new LinkCounters(context.clock());
    this.control = control;
    this.connector = connector(context, config, store, control, variables, serverUuid, counters);
    this.status =
        new BinlogStatus(
            control,
            connector.link(),
            counters,
            variables,
            store,
            registry,
            new ClientSessions(context.clock()),
            context.clock(),
            context.clock().instant());
    this.replicas =
        new ReplicaContext(
            context.name(),
            store,
            feed,
            registry,
            config.maxReplicas(),
            new ChecksumSetting(variables),
            () -> PresentedSource.of(variables::get, variables.ownPosition()));
    this.meters = new RelayMeters(context.meters(), context.name(), status);
    KnownReplicas known =
        new KnownReplicas(store.metadata(), config.retention().replicaTime(), context.clock());
    registry.listener(known);
    control.replicas(known::away);
    this.retention =
        new Retention(
            store,
            known,
            config.retention(),
            config.forms().archive() == null ? null : missing -> store.hurryArchive(missing > 0),
            config.sync().isOn(),
            context.eventLoops().next(),
            context.clock());
    this.retentionMeters = new RetentionMeters(context.meters(), context.name(), retention);
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
    MasterConfig configured = configured(context, config, servers.get(0));
    Path directory = context.dataDirectory().resolve(STORE_DIRECTORY);
    StoreOptions options =
        StoreOptions.defaults()
            .withSync(config.sync())
            .withServeAfter(config.serveAfter())
            .withWholeTransactions(config.transactionSafety())
            .withForms(config.forms())
            .withEncryption(config.encryption().open());
    BinlogStore store;
    try {
      store = FileBinlogStore.open(directory, options);
    } catch (IOException e) {
      LOGGER.atError().addKeyValue("directory", directory).setCause(e).log("cannot open the store");
      throw new InvalidConfigException("router", "the store cannot be opened: " + e.getMessage());
    }
    MasterVariables variables =
        new MasterVariables(
            context.dataDirectory().resolve(VARIABLES_FILE), context.blockingExecutor());
    variables.present(config.presented());
    variables.load();
    StatementExecutor.loadTables();
    LinkControl control;
    String serverUuid;
    try {
      serverUuid = RelayUuid.of(context.dataDirectory().resolve(UUID_FILE));
      control =
          LinkControl.open(
              context,
              servers.get(0),
              LINK_STATE,
              configured,
              new MasterConfigFile(
                  context.dataDirectory().resolve(BinlogStatus.MASTER_FILE),
                  context.dataDirectory().resolve(KEY_FILE)),
              store,
              () -> ControlWords.of(presented(variables)));
    } catch (IOException e) {
      store.close();
      throw new InvalidConfigException("router", String.valueOf(e.getMessage()));
    }
    BinlogRouter router = new BinlogRouter(context, config, store, variables, serverUuid, control);
    control.attach(router.connector);
    return router;
  }

  private static String presented(MasterVariables variables) {
    String version = variables.get("version");
    return version == null ? "" : version;
  }

  /** The master as the configuration file has it. */
  private static MasterConfig configured(
      RouterContext context, BinlogConfig config, Server master) {
    if (!(context.service().credentials().orElse(null) instanceof PasswordCredentials user)) {
      throw new InvalidConfigException(
          "user", "missing (expected: a user with REPLICATION SLAVE on the master)");
    }
    return new MasterConfig(
        MasterConfig.Origin.CONFIGURATION,
        master.host(),
        master.port(),
        user.user(),
        user.password(),
        LinkControl.tlsOf(master),
        UseGtid.NO,
        config.start(),
        config.heartbeatPeriod(),
        config.reconnectMin(),
        0,
        LinkControl.publicKeyOf(master),
        false,
        true);
  }

  private static MasterConnector connector(
      RouterContext context,
      BinlogConfig config,
      BinlogStore store,
      LinkControl control,
      MasterVariables variables,
      String serverUuid,
      LinkCounters counters) {
    EventLoop loop = context.eventLoops().next();
    MasterConnector.Setup setup =
        new MasterConnector.Setup(
            context.name(),
            loop,
            context.clock(),
            config.serverId(),
            serverUuid,
            config.reconnectMax(),
            config.reportHost(),
            config.reportPort(),
            config.acknowledges());
    return new MasterConnector(
        setup,
        control,
        store.writer(),
        resume -> StoredTail.read(store, resume),
        variables,
        new KnownSources(store),
        counters);
  }

  /** What administrators may change. */
  RelayControl control() {
    return control;
  }

  /** The log. */
  BinlogStore store() {
    return store;
  }

  @Override
  public RouterSession newSession(SessionContext session) {
    return new BinlogRouterSession(session, status, replicas, context.sessions());
  }

  @Override
  public Optional<RouterTarget> target() {
    return control.target();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.WHOLE_REQUESTS, Capability.SESSION_CONTROL);
  }

  @Override
  public Map<String, Object> diagnostics() {
    Map<String, Object> all = status.diagnostics();
    all.put("retention", retention.details());
    all.put("known_replicas", retention.replicas());
    return all;
  }

  @Override
  public List<ModuleCommand> commands() {
    List<ModuleCommand> commands = new ArrayList<>(RelayCommands.of(control));
    commands.addAll(RetentionCommands.of(retention));
    return commands;
  }

  @Override
  public void close() {
    meters.close();
    retentionMeters.close();
    retention.close();
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
    control.close();
    feed.close();
    store.close();
  }
}
