package io.sluice.binlog.control;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.context.InternalClients;
import io.sluice.api.router.RouterContext;
import io.sluice.api.router.RouterTarget;
import io.sluice.api.server.Server;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.master.MasterConfig;
import io.sluice.binlog.master.MasterConfigFile;
import io.sluice.binlog.master.MasterConnector;
import io.sluice.binlog.master.MasterPublicKey;
import io.sluice.binlog.master.MasterState;
import io.sluice.binlog.master.MasterTarget;
import io.sluice.binlog.master.MasterTls;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.StoredFile;
import io.sluice.mysql.client.QueryClient;
import io.sluice.mysql.request.ClientState;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link RelayControl} over the link and the store. Each order is one link of a chain that runs on
 * the executor for blocking work: first it is checked, then kept in the file, then it takes effect.
 * Thread-safe.
 */
public final class LinkControl implements RelayControl, MasterTarget, AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(LinkControl.class);

  private final String name;
  private final Executor blocking;
  private final InternalClients clients;
  private final MasterServers servers;
  private final ClientState clientState;
  private final MasterConfigFile file;
  private final MasterConfig configured;
  private final BinlogStore store;
  private final Supplier<ControlWords> words;
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
  private volatile Dial dial;

  /** The target that the store has followed last; null for that of the configuration. */
  private volatile @Nullable Dial followed;

  private volatile @Nullable MasterConnector connector;
  private volatile Function<List<StoredFile>, List<String>> needing = files -> List.of();

  /** What the next attempt uses: both change together. */
  private record Dial(
      MasterConfig config, @Nullable Server server, @Nullable InvalidConfigException problem) {}

  private LinkControl(
      RouterContext context,
      MasterServers servers,
      ClientState clientState,
      MasterConfigFile file,
      MasterConfig configured,
      MasterConfig config,
      BinlogStore store,
      Supplier<ControlWords> words) {
    this.name = context.name();
    this.blocking = context.blockingExecutor();
    this.clients = context.internalClients();
    this.servers = servers;
    this.clientState = clientState;
    this.file = file;
    this.configured = configured;
    this.store = store;
    this.words = words;
    this.dial = prepare(config);
    this.followed = config.mayBeginEpoch() ? null : dial;
  }

  /**
   * Reads what administrators said earlier. Blocks.
   *
   * @param context of the service
   * @param master of the configuration
   * @param clientState what to agree with the master
   * @param configured what the configuration file says
   * @param file where more is kept
   * @param store what is filled
   * @param words those of the server that the relay looks like, now
   * @throws IOException if the file cannot be understood
   */
  public static LinkControl open(
      RouterContext context,
      Server master,
      ClientState clientState,
      MasterConfig configured,
      MasterConfigFile file,
      BinlogStore store,
      Supplier<ControlWords> words)
      throws IOException {
    MasterConfig config = file.load(configured);
    if (!config.equals(configured)) {
      LOGGER
          .atInfo()
          .addKeyValue("service", context.name())
          .addKeyValue("master", config.address())
          .addKeyValue("origin", config.origin().label())
          .addKeyValue("running", config.wantsRunning())
          .log("the master differs from the configuration, as an administrator said at run time");
    }
    return new LinkControl(
        context,
        new MasterServers(context, master),
        clientState,
        file,
        configured,
        config,
        store,
        words);
  }

  /** How the configuration file wants connections to the master to be encrypted. */
  public static MasterTls tlsOf(Server master) {
    return MasterServers.tlsOf(master);
  }

  /** How the configuration file wants passwords to go to the master without TLS. */
  public static MasterPublicKey publicKeyOf(Server master) {
    return MasterServers.publicKeyOf(master);
  }

  /** Gives it who needs one of some files, to be told of when they are purged. */
  public void replicas(Function<List<StoredFile>, List<String>> whoNeeds) {
    needing = whoNeeds;
  }

  /** Gives it the link, once, and starts it if it was not stopped by an administrator. */
  public void attach(MasterConnector link) {
    connector = link;
    if (dial.config().wantsRunning()) {
      link.link().start();
    }
  }

  private MasterConnector connector() {
    MasterConnector attached = connector;
    if (attached == null) {
      throw new IllegalStateException("control: no link (expected: attached)");
    }
    return attached;
  }

  @Override
  public MasterConfig config() {
    return dial.config();
  }

  @Override
  public QueryClient dial(QueryClient.Listener listener) {
    Dial now = dial;
    Server server = now.server();
    if (server == null) {
      throw now.problem() == null
          ? new InvalidConfigException("master", "no server (expected: one)")
          : now.problem();
    }
    return QueryClient.open(
        clients, name + ": link", server, credentials(now.config()), clientState, listener);
  }

  /** Where the master is, if it is not that of the configuration. Any thread. */
  public Optional<RouterTarget> target() {
    Dial known = followed;
    Server server = known == null ? null : known.server();
    return known == null
            || server == null
            || known.config().origin() == MasterConfig.Origin.CONFIGURATION
        ? Optional.empty()
        : Optional.of(new RouterTarget(server, credentials(known.config())));
  }

  private static PasswordCredentials credentials(MasterConfig config) {
    return new PasswordCredentials(config.user(), config.password());
  }

  @Override
  public void onFollowed() {
    followed = dial;
    if (!dial.config().mayBeginEpoch()) {
      return;
    }
    order(
        () -> {
          keep(dial.config().withMayBeginEpoch(false));
          return done();
        });
  }

  @Override
  public CompletableFuture<List<ControlNote>> changeMaster(MasterChange change) {
    return order(
        () -> {
          boolean positioning = change.autoPosition() != null || change.useGtid() != null;
          requireStopped(
              positioning ? ControlWords.Order.CHANGE_POSITIONING : ControlWords.Order.CHANGE);
          MasterConfig next =
              ChangeRules.apply(dial.config(), change, store.watermark(), words.get());
          Dial prepared = prepare(next);
          if (prepared.problem() != null) {
            throw ControlException.of(
                ControlException.WRONG_ARGUMENTS, String.valueOf(prepared.problem().getMessage()));
          }
          use(next, prepared);
          LOGGER
              .atInfo()
              .addKeyValue("service", name)
              .addKeyValue("master", next.address())
              .addKeyValue("use_gtid", next.useGtid().label())
              .log("master changed");
          return connector().forgetFailures().thenApply(nothing -> List.of());
        });
  }

  @Override
  public CompletableFuture<List<ControlNote>> startSlave() {
    return order(
        () -> {
          boolean running = isRunning();
          MasterConfig next = dial.config().withWantsRunning(true);
          // Certificate files may have been replaced since.
          use(next, running ? new Dial(next, dial.server(), dial.problem()) : prepare(next));
          return connector()
              .start()
              .thenApply(nothing -> running ? List.of(words.get().alreadyRunning()) : List.of());
        });
  }

  @Override
  public CompletableFuture<List<ControlNote>> stopSlave() {
    return order(
        () -> {
          boolean stopped = kind() == MasterState.Kind.DISCONNECTED;
          keep(dial.config().withWantsRunning(false));
          return connector()
              .stop()
              .thenApply(nothing -> stopped ? List.of(words.get().alreadyStopped()) : List.of());
        });
  }

  @Override
  public CompletableFuture<List<ControlNote>> resetSlave(boolean all) {
    return order(
        () -> {
          requireStopped(ControlWords.Order.RESET);
          MasterConfig base = all ? configured : dial.config().withStart(configured.start());
          MasterConfig next =
              base.withWantsRunning(false).withMayBeginEpoch(!all && base.mayBeginEpoch());
          use(next, prepare(next));
          return connector().forgetFailures().thenApply(nothing -> List.of());
        });
  }

  @Override
  public CompletableFuture<List<ControlNote>> setGtidSlavePos(MariaDbGtidList position) {
    return order(
        () -> {
          requireStopped(ControlWords.Order.RESET);
          keep(ChangeRules.apply(dial.config(), position, store.watermark(), words.get()));
          return done();
        });
  }

  @Override
  public CompletableFuture<List<ControlNote>> setGtidPurged(MySqlGtidSet set) {
    return order(
        () -> {
          requireStopped(ControlWords.Order.RESET);
          keep(
              ChangeRules.apply(
                  dial.config(), set, store.watermark(), store.purgedState(), words.get()));
          return done();
        });
  }

  @Override
  public CompletableFuture<List<ControlNote>> purgeTo(String target) {
    return order(() -> PurgeOrders.to(store, needing, target));
  }

  @Override
  public CompletableFuture<List<ControlNote>> purgeBefore(Instant time) {
    return order(() -> PurgeOrders.before(store, needing, time));
  }

  private static CompletableFuture<List<ControlNote>> done() {
    return CompletableFuture.completedFuture(List.of());
  }

  private MasterState.Kind kind() {
    return connector().link().status().state().kind();
  }

  private boolean isRunning() {
    return switch (kind()) {
      case CONNECTING, REGISTERING, STREAMING, BACKING_OFF -> true;
      case DISCONNECTED, STOPPED -> false;
    };
  }

  private void requireStopped(ControlWords.Order order) {
    if (isRunning()) {
      throw words.get().running(order);
    }
  }

  private Dial prepare(MasterConfig config) {
    try {
      return new Dial(config, servers.make(config), null);
    } catch (InvalidConfigException e) {
      return new Dial(config, null, e);
    }
  }

  private void keep(MasterConfig next) {
    use(next, new Dial(next, dial.server(), dial.problem()));
  }

  /** First the file, then the effect: an order that cannot be kept is refused. */
  private void use(MasterConfig next, Dial prepared) {
    try {
      if (!next.equals(dial.config())) {
        file.save(next, configured);
      }
    } catch (IOException e) {
      LOGGER
          .atError()
          .addKeyValue("service", name)
          .setCause(e)
          .log("cannot keep what an administrator said: the order is refused");
      throw ControlException.of(
          ControlException.CANNOT_KEEP,
          "Could not initialize master info structure: " + e.getMessage());
    }
    Server server = prepared.server();
    dial = prepared;
    Dial known = followed;
    servers.retain(server, known == null ? null : known.server());
  }

  private synchronized CompletableFuture<List<ControlNote>> order(
      Supplier<CompletableFuture<List<ControlNote>>> work) {
    CompletableFuture<List<ControlNote>> result =
        last.handle((value, error) -> "")
            .thenComposeAsync(ignored -> work.get(), blocking)
            .exceptionallyCompose(error -> CompletableFuture.failedFuture(unwrapped(error)));
    last = result;
    return result;
  }

  private static Throwable unwrapped(Throwable error) {
    Throwable cause = error;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Frees what it made, after the link was stopped. */
  @Override
  public void close() {
    servers.close();
  }
}
