package io.sluice.mysql.frontend;

import io.sluice.api.protocol.Capability;
import io.sluice.api.protocol.ListenerContext;
import io.sluice.api.server.Server;
import io.sluice.mysql.account.Account;
import io.sluice.mysql.account.AccountStore;
import io.sluice.mysql.account.AccountTable;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.StoredVerifier;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Collation;
import io.sluice.mysql.request.ServerGreeting;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How clients of one listener are greeted: as the service's servers greet, because clients go by
 * version, default method and capabilities. What the last reachable server said is kept on disk for
 * the time after a restart. Thread-safe; does not block but for the file at the beginning.
 */
final class Greetings {

  private static final Logger LOGGER = LoggerFactory.getLogger(Greetings.class);

  /** MySQL servers before do not track sessions and end result sets in the old way only. */
  private static final int MYSQL_5_7 = 50_700;

  /** MySQL servers since then prefer the newer method, and clients of 9.x do not have the older. */
  private static final int MYSQL_8 = 80_000;

  private static final long NOT_IN_5_6 = Capabilities.SESSION_TRACK | Capabilities.DEPRECATE_EOF;

  private final ListenerContext context;
  private final AccountStore accounts;
  private final @Nullable String configuredVersion;
  private final Capabilities own;
  private final GreetingFile file;
  private volatile @Nullable ServerGreeting kept;
  private volatile @Nullable Survey lastSurvey;

  /**
   * Reads what was kept. Blocks for that.
   *
   * @param configuredVersion the version to show whatever servers say; null for theirs
   * @param own what is offered whatever servers offer: TLS, compression
   */
  Greetings(
      ListenerContext context,
      AccountStore accounts,
      @Nullable String configuredVersion,
      Capabilities own) {
    this.context = context;
    this.accounts = accounts;
    this.configuredVersion = configuredVersion;
    this.own = own;
    this.file = new GreetingFile(context.dataDirectory());
    this.kept = file.load();
  }

  /** Whether waiting for the accounts cannot tell more about the version to show. */
  boolean isVersionKnown() {
    return configuredVersion != null || accounts.current().isLoaded() || kept != null;
  }

  /** What a client that connects now is greeted with. */
  ServerGreeting current() {
    @Nullable ServerGreeting known = null;
    Capabilities capabilities = Capabilities.OFFERED;
    for (Server server : context.service().servers()) {
      Optional<ServerGreeting> greeting = server.attributes().get(ServerGreeting.KEY);
      if (greeting.isPresent()) {
        known = known == null ? greeting.get() : known;
        capabilities = supported(capabilities, greeting.get());
      }
    }
    AccountTable table = accounts.current();
    if (known == null) {
      known = table.greeting() != null ? table.greeting() : kept;
      capabilities = known == null ? Capabilities.COMMON : supported(capabilities, known);
    } else if (!known.equals(kept)) {
      keep(known);
    }
    String version = configuredVersion != null ? configuredVersion : versionOf(known);
    ServerGreeting named = new ServerGreeting(version, capabilities, 0, "");
    boolean mySql8 = !named.isMariaDb() && named.versionId() >= MYSQL_8;
    if (known == null && !named.isMariaDb() && named.versionId() < MYSQL_5_7) {
      capabilities = capabilities.without(NOT_IN_5_6);
    }
    return new ServerGreeting(
        version,
        shown(capabilities),
        known != null
            ? known.collation()
            : mySql8 ? Collation.UTF8MB4_0900 : Collation.UTF8MB4_GENERAL,
        plugin(table, known, mySql8).wireName());
  }

  /**
   * The same for a client whose requests are treated as these say. A server that leaves out columns
   * counts on having sent them itself.
   */
  static ServerGreeting forNeeds(ServerGreeting greeting, Set<Capability> needs) {
    return needs.contains(Capability.SEVERAL_SERVERS)
        ? new ServerGreeting(
            greeting.version(),
            greeting.capabilities().without(Capabilities.MARIADB_CACHE_METADATA),
            greeting.collation(),
            greeting.authPlugin())
        : greeting;
  }

  private static String versionOf(@Nullable ServerGreeting known) {
    return known == null ? MySqlClientProtocol.DEFAULT_VERSION : known.version();
  }

  /** Answers must have the same form on both sides, so only what the server can is offered. */
  private static Capabilities supported(Capabilities offered, ServerGreeting server) {
    // What concerns the login alone is ours, whatever a server can or pretends. MariaDB does not
    // show bit 0, which only says that the extended bits are not in use.
    return offered.and(
        server.capabilities().or(Capabilities.LOGIN).with(Capabilities.LONG_PASSWORD));
  }

  /** Bit 0 would say that MariaDB's own bits are not in use. */
  private Capabilities shown(Capabilities capabilities) {
    Capabilities all = capabilities.or(own);
    return all.hasAny(Capabilities.MARIADB_BITS) ? all.without(Capabilities.LONG_PASSWORD) : all;
  }

  private void keep(ServerGreeting known) {
    kept = known;
    try {
      context.blockingExecutor().execute(() -> file.save(known));
    } catch (RejectedExecutionException e) {
      LOGGER.atDebug().log("greeting not kept: stopping");
    }
  }

  /** The method that saves most clients a switch, and that all of them have. */
  private AuthPlugin plugin(AccountTable table, @Nullable ServerGreeting known, boolean mySql8) {
    Survey survey = lastSurvey;
    if (survey == null || survey.table() != table) {
      survey = Survey.of(table);
      lastSurvey = survey;
    }
    if (survey.allSha2()) {
      return AuthPlugin.CACHING_SHA2_PASSWORD;
    }
    AuthPlugin ofServer = known == null ? null : AuthPlugin.of(known.authPlugin());
    if (ofServer != null && ofServer.isForGreeting()) {
      return ofServer;
    }
    return mySql8 ? AuthPlugin.CACHING_SHA2_PASSWORD : AuthPlugin.NATIVE_PASSWORD;
  }

  /** What all accounts of a table have in common; made once for each table. */
  private record Survey(AccountTable table, boolean allSha2) {

    static Survey of(AccountTable table) {
      boolean all = !table.accounts().isEmpty();
      for (Account account : table.accounts()) {
        List<StoredVerifier> verifiers = account.verifiersFor(null);
        all &=
            !verifiers.isEmpty() && verifiers.get(0).plugin() == AuthPlugin.CACHING_SHA2_PASSWORD;
      }
      return new Survey(table, all);
    }
  }
}
