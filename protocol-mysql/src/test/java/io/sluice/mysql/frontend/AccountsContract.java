package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.config.Settings;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same logins at a real server and through a listener that loaded its accounts: who, from which
 * address, into which database, with what the client is able to do. Both must give the same answer:
 * the account that matched and the database, or the error with its text. Which answer is right is
 * the server's business alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AccountsContract {

  /** The client says that it copes with an expired password. */
  private static final long COPES = 1L << 22;

  private static final String SUPPORTED_FROM = "127.0.0.1";

  /** The client is in and may do nothing. */
  private static final String MUST_CHANGE = "must change the password";

  /** MySQL asks users that do not exist for any of its methods, one of which the client lacks. */
  private static final String UNDECIDED = "asked for another method";

  /** One login. */
  record Attempt(String user, String password, String from, String database, long capabilities) {
    @Override
    public String toString() {
      return user + "/" + password + " from " + from + " into '" + database + "' " + capabilities;
    }
  }

  private DatabaseServer server;
  private ProxyUnderTest proxy;

  /** The server, with host names looked up, open to all addresses of this machine. */
  abstract DatabaseServer server();

  /** An account with that password; the rest of the statement as it is. */
  abstract String create(String account, String password);

  /** How the accounts are loaded; some servers have no TLS. */
  Settings towardsServer() {
    return ProxyUnderTest.noTls();
  }

  /** What only this server has. */
  List<String> more() {
    return List.of();
  }

  /** Whether the server has it; statements that others refuse are left out. */
  boolean has(String feature) {
    return true;
  }

  /** Whether the server has one answer, on each machine. */
  boolean isDefined(Attempt attempt) {
    return true;
  }

  @BeforeAll
  void start(@TempDir Path directory) {
    server = server();
    List<String> statements = new ArrayList<>();
    statements.add(create("'svc'@'%'", "svcpw"));
    statements.add("GRANT SELECT, SHOW DATABASES ON *.* TO 'svc'@'%'");
    for (String database : List.of("sales", "sales_eu", "salesXeu", "plans", "Mixed", "open_a")) {
      statements.add("CREATE DATABASE `" + database + "`");
      statements.add("CREATE TABLE `" + database + "`.t (a INT, b INT)");
    }
    hosts(statements);
    databases(statements);
    states(statements);
    statements.addAll(more());
    statements.add("FLUSH PRIVILEGES");
    server.execute(statements.toArray(String[]::new));
    proxy =
        new ProxyUnderTest(
            directory,
            server.host(),
            server.port(),
            towardsServer(),
            new PasswordCredentials("svc", "svcpw"),
            ProxyUnderTest.Forwarding.NONE,
            "max-login-failures = 0",
            new AccountRouter());
  }

  @AfterAll
  void stop() {
    if (proxy != null) {
      proxy.close();
    }
    if (server != null) {
      server.close();
    }
  }

  /** One user with many hosts; each host has a password of its own, so each login tells which. */
  private void hosts(List<String> statements) {
    for (String host :
        List.of(
            "127.0.0.1",
            "127.0.0.2",
            "127.0.0.%",
            "127.0.1.%",
            "127.%",
            "127.0._.1",
            "%.0.3.1",
            "127.0.4._",
            "127.0.4.1%",
            "127.5.0.0/255.255.0.0",
            "127.5.5.0/255.255.255.0",
            "127.5.5.5",
            "127.6.6.6/255.255.255.0",
            "127.7.0.0/16",
            "127.7.7.0/24",
            "127.7.7.%")) {
      statements.add(create("'near'@'" + host + "'", "pw"));
    }
    for (String host : List.of("127.8.%.%", "127.8.8.%", "127.8.%", "%.8.8.9", "127.8.8.0/24")) {
      statements.add(create("'wild'@'" + host + "'", "pw"));
    }
    statements.add(create("'local'@'localhost'", "pw"));
    statements.add(create("'local'@'127.0.0.%'", "pw"));
    statements.add(create("'only'@'localhost'", "pw"));
    statements.add(create("'elsewhere'@'10.9.9.9'", "pw"));
    statements.add(create("'named'@'db.example.com'", "pw"));
    statements.add(create("'under_score'@'127.0.0.\\\\_'", "pw"));
    statements.add(create("'Case'@'%'", "pw"));
    statements.add(create("'shadowed'@'%'", "pw"));
    statements.add(create("''@'127.9.9.%'", "anon"));
  }

  private static List<Attempt> hostAttempts() {
    List<Attempt> attempts = new ArrayList<>();
    for (String from :
        List.of(
            "127.0.0.1",
            "127.0.0.2",
            "127.0.0.3",
            "127.0.1.1",
            "127.0.2.1",
            "127.0.3.1",
            "127.0.4.1",
            "127.0.4.2",
            "127.0.4.11",
            "127.5.5.5",
            "127.5.5.6",
            "127.5.6.6",
            "127.6.6.6",
            "127.7.7.7",
            "127.7.8.8",
            "127.8.8.8",
            "127.8.8.9",
            "127.8.1.1",
            "127.9.9.9")) {
      for (String user : List.of("near", "wild", "local", "only", "shadowed", "nobody")) {
        attempts.add(new Attempt(user, "pw", from, "", 0));
      }
    }
    for (String from : List.of("127.0.0.1", "127.9.9.9")) {
      attempts.add(new Attempt("nobody", "anon", from, "", 0));
      attempts.add(new Attempt("shadowed", "anon", from, "", 0));
      attempts.add(new Attempt("", "anon", from, "", 0));
      attempts.add(new Attempt("", "", from, "", 0));
    }
    for (String user : List.of("elsewhere", "named", "under_score", "Case", "case")) {
      attempts.add(new Attempt(user, "pw", SUPPORTED_FROM, "", 0));
      attempts.add(new Attempt(user, "wrong", SUPPORTED_FROM, "", 0));
      attempts.add(new Attempt(user, "", SUPPORTED_FROM, "", 0));
    }
    return attempts;
  }

  private void databases(List<String> statements) {
    Map<String, String> grants = new LinkedHashMap<>();
    grants.put("d_none", "");
    grants.put("d_global", "SELECT ON *.*");
    grants.put("d_process", "PROCESS ON *.*");
    grants.put("d_one", "SELECT ON sales.*");
    grants.put("d_wild", "SELECT ON `sales_%`.*");
    grants.put("d_single", "SELECT ON `sales_eu`.*");
    grants.put("d_escaped", "SELECT ON `sales\\_eu`.*");
    grants.put("d_table", "SELECT ON sales.t");
    grants.put("d_column", "SELECT (a) ON sales.t");
    grants.put("d_missing", "SELECT ON `not\\_there`.*");
    grants.put("d_mixed", "SELECT ON `Mixed`.*");
    grants.forEach(
        (user, grant) -> {
          statements.add(create("'" + user + "'@'%'", "pw"));
          if (!grant.isEmpty()) {
            statements.add("GRANT " + grant + " TO '" + user + "'@'%'");
          }
        });
    statements.add("CREATE PROCEDURE plans.p() SELECT 1");
    statements.add(create("'d_routine'@'%'", "pw"));
    statements.add("GRANT EXECUTE ON PROCEDURE plans.p TO 'd_routine'@'%'");
    // A grant that is for another host than the account.
    statements.add(create("'d_host'@'%'", "pw"));
    statements.add(create("'d_host'@'127.0.0.2'", "pw"));
    statements.add("GRANT SELECT ON sales.* TO 'd_host'@'127.0.0.2'");
    // For everybody, as servers once had it for databases named test.
    statements.add(
        "INSERT INTO mysql.db (Host, Db, User, Select_priv) VALUES ('%', 'open\\\\_%', '', 'Y')");
  }

  private static List<Attempt> databaseAttempts() {
    List<Attempt> attempts = new ArrayList<>();
    for (String user :
        List.of(
            "d_none",
            "d_global",
            "d_process",
            "d_one",
            "d_wild",
            "d_single",
            "d_escaped",
            "d_table",
            "d_column",
            "d_missing",
            "d_mixed",
            "d_routine",
            "d_host")) {
      for (String database :
          List.of(
              "sales",
              "sales_eu",
              "salesXeu",
              "plans",
              "mysql",
              "information_schema",
              "INFORMATION_SCHEMA",
              "performance_schema",
              "not_there",
              "nowhere",
              "Mixed",
              "mixed",
              "open_a",
              "open_missing")) {
        attempts.add(new Attempt(user, "pw", SUPPORTED_FROM, database, 0));
      }
    }
    attempts.add(new Attempt("d_host", "pw", "127.0.0.2", "sales", 0));
    attempts.add(new Attempt("d_one", "wrong", SUPPORTED_FROM, "sales", 0));
    attempts.add(new Attempt("d_one", "wrong", SUPPORTED_FROM, "nowhere", 0));
    return attempts;
  }

  private void states(List<String> statements) {
    statements.add(create("'s_ssl'@'%'", "pw"));
    statements.add(create("'s_expired'@'%'", "pw"));
    statements.add("ALTER USER 's_expired'@'%' PASSWORD EXPIRE");
    if (has("lock")) {
      statements.add("ALTER USER 's_ssl'@'%' REQUIRE SSL");
      statements.add(create("'s_locked'@'%'", "pw"));
      statements.add("ALTER USER 's_locked'@'%' ACCOUNT LOCK");
      statements.add(create("'s_locked_ssl'@'%'", "pw"));
      statements.add("ALTER USER 's_locked_ssl'@'%' REQUIRE SSL ACCOUNT LOCK");
      statements.add(create("'s_locked_expired'@'%'", "pw"));
      statements.add("ALTER USER 's_locked_expired'@'%' ACCOUNT LOCK PASSWORD EXPIRE");
      statements.add(create("'s_ssl_expired'@'%'", "pw"));
      statements.add("ALTER USER 's_ssl_expired'@'%' REQUIRE SSL PASSWORD EXPIRE");
      statements.add(create("'s_x509'@'%'", "pw"));
      statements.add("ALTER USER 's_x509'@'%' REQUIRE X509");
      statements.add(create("'s_subject'@'%'", "pw"));
      statements.add("ALTER USER 's_subject'@'%' REQUIRE SUBJECT '/CN=x'");
      statements.add(create("'s_interval'@'%'", "pw"));
      statements.add("ALTER USER 's_interval'@'%' PASSWORD EXPIRE INTERVAL 3 DAY");
      statements.add(create("'s_never'@'%'", "pw"));
      statements.add("ALTER USER 's_never'@'%' PASSWORD EXPIRE NEVER");
    } else {
      statements.add("GRANT USAGE ON *.* TO 's_ssl'@'%' REQUIRE SSL");
    }
  }

  private static List<Attempt> stateAttempts() {
    List<Attempt> attempts = new ArrayList<>();
    for (String user :
        List.of(
            "s_ssl",
            "s_expired",
            "s_locked",
            "s_locked_ssl",
            "s_locked_expired",
            "s_ssl_expired",
            "s_x509",
            "s_subject",
            "s_interval",
            "s_never",
            "s_role",
            "s_mandatory")) {
      for (String password : List.of("pw", "wrong", "")) {
        for (long capabilities : new long[] {0, COPES}) {
          attempts.add(new Attempt(user, password, SUPPORTED_FROM, "", capabilities));
        }
      }
      attempts.add(new Attempt(user, "pw", SUPPORTED_FROM, "sales", 0));
      attempts.add(new Attempt(user, "pw", SUPPORTED_FROM, "nowhere", 0));
      attempts.add(new Attempt(user, "pw", SUPPORTED_FROM, "plans", 0));
    }
    return attempts;
  }

  @Test
  void shouldMatchHostsAsTheServer() throws Exception {
    compare(hostAttempts().stream().filter(this::isDefined).toList());
  }

  @Test
  void shouldLetIntoDatabasesAsTheServer() throws Exception {
    compare(databaseAttempts());
  }

  @Test
  void shouldLookAtTheStateOfAccountsAsTheServer() throws Exception {
    compare(stateAttempts());
  }

  private void compare(List<Attempt> attempts) throws Exception {
    Await.until(
        "accounts loaded", () -> answer(proxy.port(), login("svc", "svcpw")).equals("svc@% null"));
    Map<String, String> real = new LinkedHashMap<>();
    Map<String, String> ours = new LinkedHashMap<>();
    for (Attempt attempt : attempts) {
      real.put(attempt.toString(), answer(server.port(), attempt));
    }
    ExecutorService threads = Executors.newFixedThreadPool(48);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (Attempt attempt : attempts) {
        answers.add(threads.submit(() -> answer(proxy.port(), attempt)));
      }
      for (int i = 0; i < attempts.size(); i++) {
        ours.put(attempts.get(i).toString(), answers.get(i).get());
      }
    } finally {
      threads.shutdownNow();
    }
    real.values().removeIf(UNDECIDED::equals);
    ours.keySet().retainAll(real.keySet());
    assertThat(ours).containsExactlyInAnyOrderEntriesOf(real);
  }

  private static Attempt login(String user, String password) {
    return new Attempt(user, password, SUPPORTED_FROM, "", 0);
  }

  /** What comes of a login, in words in which both sides must agree. */
  private static String answer(int port, Attempt attempt) {
    try (WireClient client = open(port, attempt.from())) {
      client.login(
          attempt.user(),
          attempt.password(),
          attempt.database(),
          WireClient.DEFAULT_CAPABILITIES | attempt.capabilities());
      List<String> row = client.query("SELECT CURRENT_USER(), DATABASE()").rows().get(0);
      return row.size() > 2 && row.get(2).equals("true")
          ? MUST_CHANGE
          : row.get(0)
              + " "
              + String.valueOf(row.get(1))
                  .replace("INFORMATION_", "information_")
                  .replace("_SCHEMA", "_schema");
    } catch (IllegalArgumentException e) {
      return UNDECIDED;
    } catch (WireError e) {
      return e.code() == 1820 ? MUST_CHANGE : e.code() + " " + plain(e, attempt.from());
    }
  }

  /** The server may say localhost where a proxy says the address. */
  private static String plain(WireError error, String from) {
    String text = error.text();
    boolean ofAccount = error.code() == 1044;
    return error.sqlState()
        + " "
        + (ofAccount ? text : text.replace("'@'localhost'", "'@'" + from + "'"));
  }

  private static WireClient open(int port, String from) {
    try {
      Socket socket = new Socket();
      socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
      socket.connect(new InetSocketAddress("127.0.0.1", port), 20_000);
      return WireClient.over(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot connect from " + from, e);
    }
  }
}
