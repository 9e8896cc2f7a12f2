package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.config.Settings;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import io.sluice.testkit.wire.WireWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a session finds on a connection that another one had, for servers of every family. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PooledSessionsContract {

  /** These differ from moment to moment, or are of all sessions together. */
  private static final Set<String> VOLATILE =
      Set.of(
          "timestamp",
          "rand_seed1",
          "rand_seed2",
          "statement_id",
          "last_gtid",
          "gtid_binlog_pos",
          "gtid_binlog_state",
          "gtid_current_pos",
          "gtid_executed",
          "gtid_owned");

  private static final List<String> PROBES =
      List.of(
          "SELECT ROW_COUNT(), LAST_INSERT_ID(), @@identity, @@insert_id",
          "SHOW WARNINGS",
          "SHOW ERRORS",
          "SELECT DATABASE(), USER(), CURRENT_USER(), @mine",
          "SELECT COUNT(*) FROM shop.scratch",
          "EXECUTE prepared_as_text",
          "HANDLER items READ FIRST",
          "SELECT IS_USED_LOCK('named'), IS_FREE_LOCK('named')",
          "SHOW PROFILES",
          "SELECT NOW() > '2020-01-01', SLEEP(0)",
          "SELECT @@session.autocommit, @@session.sql_log_bin",
          "XA END 'x'",
          "XA RECOVER",
          "SELECT COUNT(*) FROM shop.items",
          "BEGIN",
          "SELECT COUNT(*) FROM shop.items",
          "SELECT trx_isolation_level, trx_is_read_only FROM information_schema.innodb_trx"
              + " WHERE trx_mysql_thread_id = CONNECTION_ID()",
          "ROLLBACK",
          "CREATE TABLE shop.probe (a INT)",
          "DROP TABLE shop.probe",
          "SHOW GRANTS");

  private static final List<List<String>> DIRT =
      List.of(
          List.of("SET @mine = 1, @@session.sql_mode = 'ANSI', @@session.time_zone = '+05:00'"),
          List.of("SET NAMES latin1", "SET character_set_results = NULL"),
          List.of("SET autocommit = 0", "INSERT INTO shop.items VALUES (7, 'x')"),
          List.of("USE shop", "SELECT 1"),
          List.of("CREATE TEMPORARY TABLE shop.scratch (a INT)", "SELECT * FROM shop.scratch"),
          List.of("START TRANSACTION", "INSERT INTO shop.items VALUES (8, 'y')"),
          List.of("INSERT INTO shop.counted (b) VALUES (1), (2), (3)"),
          List.of("SELECT 1/0, CAST('x' AS SIGNED)"),
          List.of("PREPARE prepared_as_text FROM 'SELECT 1'"),
          List.of("HANDLER shop.items OPEN"),
          List.of("SELECT GET_LOCK('named', 0)"),
          List.of("LOCK TABLES shop.items WRITE"),
          List.of("FLUSH TABLES WITH READ LOCK"),
          List.of("SET timestamp = 1000000, insert_id = 77, last_insert_id = 78"),
          List.of("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"),
          List.of("SET TRANSACTION READ ONLY"),
          List.of("SET SESSION TRANSACTION READ ONLY", "SET sql_log_bin = 0"),
          List.of("XA START 'x'", "INSERT INTO shop.items VALUES (9, 'z')"),
          List.of("SET SESSION wait_timeout = 77"),
          List.of("SELECT SQL_NO_CACHE * FROM shop.missing"));

  @TempDir Path directory;

  private DatabaseServer server;
  private PooledProxy proxy;

  /** With the users svc and app. */
  abstract DatabaseServer start();

  abstract Settings settings();

  /** More of what a session can leave, for this server. */
  List<List<String>> moreDirt() {
    return List.of();
  }

  List<String> moreProbes() {
    return List.of();
  }

  DatabaseServer server() {
    return server;
  }

  PooledProxy proxy() {
    return proxy;
  }

  @BeforeAll
  void startServer() {
    server = start();
    server.execute(
        "CREATE DATABASE shop",
        "CREATE TABLE shop.items (id INT PRIMARY KEY, name VARCHAR(20)) ENGINE=InnoDB",
        "CREATE TABLE shop.counted (a INT AUTO_INCREMENT PRIMARY KEY, b INT) ENGINE=InnoDB",
        "INSERT INTO shop.items VALUES (1, 'a'), (2, 'b')");
    server.createUser("doomed", "doomedpw", "SELECT ON shop.*");
    server.createUser("demoted", "demotedpw", "SELECT ON *.*");
    server.createUser("greeted", "greetedpw", "SELECT ON shop.*");
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @BeforeEach
  void startProxy() {
    proxy = new PooledProxy(directory, server, settings(), Duration.ZERO);
  }

  @AfterEach
  void stopProxy() {
    proxy.close();
  }

  String connectionId(WireClient client) {
    return String.valueOf(client.query("SELECT CONNECTION_ID()").rows().get(0).get(0));
  }

  /** Everything that a session can see of itself. */
  private Map<String, String> look(WireClient client) {
    Map<String, String> seen = new LinkedHashMap<>();
    List<String> probes = new ArrayList<>(PROBES);
    probes.addAll(moreProbes());
    for (String probe : probes) {
      String answer;
      try {
        answer = client.query(probe).rows().toString();
      } catch (WireError e) {
        answer = e.code() + " " + e.getMessage();
      }
      seen.merge(probe, answer, (a, b) -> a + " " + b);
    }
    for (List<String> row : client.query("SHOW SESSION VARIABLES").rows()) {
      if (!VOLATILE.contains(row.get(0))) {
        seen.put("@@" + row.get(0), row.get(1));
      }
    }
    return seen;
  }

  private static List<String> differences(Map<String, String> fresh, Map<String, String> seen) {
    List<String> found = new ArrayList<>();
    fresh.forEach(
        (probe, answer) -> {
          if (!answer.equals(seen.get(probe))) {
            found.add(probe + ": " + seen.get(probe) + " (expected: " + answer + ")");
          }
        });
    return found;
  }

  private String quitAndAwaitReset(WireClient client) {
    String id = connectionId(client);
    long dropped = proxy.pool().dropped();
    long kept = proxy.pool().kept();
    proxy.quit(client);
    proxy.await(
        "the connection is reset",
        () -> proxy.pool().kept() > kept || proxy.pool().dropped() > dropped);
    assertThat(proxy.pool().dropped()).as("dropped").isEqualTo(dropped);
    return id;
  }

  @Test
  void shouldFindNothingOfTheSessionBefore() {
    WireClient first = proxy.login("app", "apppw");
    Map<String, String> fresh = look(first);
    String id = quitAndAwaitReset(first);
    List<List<String>> dirt = new ArrayList<>(DIRT);
    dirt.addAll(moreDirt());
    SoftAssertions all = new SoftAssertions();
    for (List<String> script : dirt) {
      WireClient dirty = proxy.login("app", "apppw");
      for (String statement : script) {
        try {
          dirty.query(statement);
        } catch (WireError e) {
          all.assertThat(statement).as(e.getMessage()).contains("missing");
        }
      }
      all.assertThat(quitAndAwaitReset(dirty)).as("reused for %s", script).isEqualTo(id);
      WireClient next = proxy.login("app", "apppw");
      all.assertThat(differences(fresh, look(next))).as("after %s", script).isEmpty();
      all.assertThat(quitAndAwaitReset(next)).as("reused after %s", script).isEqualTo(id);
    }
    all.assertAll();
    server.execute("DELETE FROM shop.counted");
    assertThat(server.queryString("SELECT COUNT(*) FROM shop.items")).isEqualTo("2");
  }

  @Test
  void shouldKnowNoStatementOfTheSessionBefore() {
    WireClient first = proxy.login("app", "apppw");
    first.command(new WireWriter().u1(0x16).text("SELECT 1").toBytes());
    assertThat(first.read().isOk()).isTrue();
    first.read();
    first.expectEof();
    String id = quitAndAwaitReset(first);
    WireClient next = proxy.login("app", "apppw");
    next.command(new WireWriter().u1(0x17).u4(1).u1(0).u4(1).toBytes());
    next.expectError(1243);
    assertThat(connectionId(next)).isEqualTo(id);
    next.close();
  }

  @Test
  void shouldBeginInTheDatabaseOfTheNextSession() {
    WireClient first = proxy.login("app", "apppw", "shop", WireClient.DEFAULT_CAPABILITIES);
    assertThat(first.query("SELECT DATABASE()").rows()).hasToString("[[shop]]");
    quitAndAwaitReset(first);
    WireClient second = proxy.login("app", "apppw", "mysql", WireClient.DEFAULT_CAPABILITIES);
    assertThat(second.query("SELECT DATABASE()").rows()).hasToString("[[mysql]]");
    quitAndAwaitReset(second);
    WireClient third = proxy.login("app", "apppw");
    assertThat(third.query("SELECT DATABASE()").rows()).hasToString("[[null]]");
    assertThat(proxy.pool().reused()).isEqualTo(2);
    third.close();
  }

  /** MariaDB's reset leaves the profile, so the connection does not go to another session. */
  @Test
  void shouldNotShowTheStatementsOfTheSessionBefore() {
    for (String after : List.of("SELECT 1", "SET profiling = 0")) {
      WireClient first = proxy.login("app", "apppw");
      first.query("SET profiling = 1");
      first.query("SELECT 'a secret text'");
      first.query(after);
      assertThat(first.query("SHOW PROFILES").rows().toString()).contains("a secret text");
      proxy.quit(first);
      WireClient next = proxy.login("app", "apppw");
      assertThat(next.query("SHOW PROFILES").rows()).isEmpty();
      next.close();
      proxy.awaitNoSession();
    }
  }

  /** The drivers of MariaDB ask for that mode with a capability. */
  @Test
  void shouldHaveTheModeThatTheClientAgreed() {
    long capabilities = WireClient.DEFAULT_CAPABILITIES | 1L << 8;
    WireClient first = proxy.login("app", "apppw", "", capabilities);
    Map<String, String> fresh = look(first);
    assertThat(fresh.get("@@sql_mode")).contains("IGNORE_SPACE");
    String id = quitAndAwaitReset(first);
    WireClient second = proxy.login("app", "apppw", "", capabilities);
    assertThat(differences(fresh, look(second))).isEmpty();
    assertThat(quitAndAwaitReset(second)).isEqualTo(id);
  }

  @Test
  void shouldReleaseLocksAtTheEndOfTheSession() {
    WireClient first = proxy.login("app", "apppw");
    first.query("START TRANSACTION");
    first.query("UPDATE shop.items SET name = 'locked' WHERE id = 1");
    proxy.quit(first);
    server.execute(
        "SET innodb_lock_wait_timeout = 50", "UPDATE shop.items SET name = 'a' WHERE id = 1");
    assertThat(server.queryString("SELECT name FROM shop.items WHERE id = 1")).isEqualTo("a");
    assertThat(proxy.pool().idle()).isEqualTo(1);
  }

  @Test
  void shouldKeepConnectionsOfDifferentClientsApart() {
    WireClient first = proxy.login("app", "apppw");
    String id = quitAndAwaitReset(first);
    WireClient multi =
        proxy.login(
            "app", "apppw", "", WireClient.DEFAULT_CAPABILITIES | WireClient.MULTI_STATEMENTS);
    assertThat(connectionId(multi)).isNotEqualTo(id);
    WireClient service = proxy.login("svc", "svcpw");
    assertThat(connectionId(service)).isNotEqualTo(id);
    multi.close();
    service.close();
    WireClient same = proxy.login("app", "apppw");
    assertThat(connectionId(same)).isEqualTo(id);
    same.close();
  }

  @Test
  void shouldNotServeAnAccountThatIsNoMore() {
    WireClient first = proxy.login("doomed", "doomedpw");
    quitAndAwaitReset(first);
    server.execute("DROP USER doomed");
    // The proxy's copy of the accounts still lets it in.
    try (WireClient next = proxy.login("doomed", "doomedpw")) {
      assertThatThrownBy(() -> next.query("SELECT 1"))
          .isInstanceOfSatisfying(WireError.class, e -> assertThat(e.code()).isEqualTo(1045));
    }
    proxy.await(
        "nothing of it is left",
        () ->
            server
                .queryRows("SELECT id FROM information_schema.processlist WHERE user = 'doomed'")
                .isEmpty());
  }

  @Test
  void shouldSeePrivilegesAsANewConnectionDoes() {
    WireClient first = proxy.login("demoted", "demotedpw");
    assertThat(first.query("SELECT COUNT(*) FROM shop.items").rows()).hasToString("[[2]]");
    String id = quitAndAwaitReset(first);
    server.execute("REVOKE SELECT ON *.* FROM demoted", "GRANT INSERT ON shop.* TO demoted");
    try (WireClient next = proxy.login("demoted", "demotedpw")) {
      assertThat(connectionId(next)).isEqualTo(id);
      assertThatThrownBy(() -> next.query("SELECT COUNT(*) FROM shop.items"))
          .isInstanceOfSatisfying(WireError.class, e -> assertThat(e.code()).isEqualTo(1142));
    }
  }

  @Test
  void shouldNotReuseWhereTheServerRunsStatementsAtEachLogin() {
    server.execute("SET GLOBAL init_connect = 'SET @greeted = 1'");
    try {
      for (int i = 0; i < 2; i++) {
        WireClient client = proxy.login("greeted", "greetedpw");
        assertThat(client.query("SELECT @greeted").rows()).hasToString("[[1]]");
        proxy.quit(client);
        int closed = i + 1;
        proxy.await(
            "the connection is closed",
            () -> proxy.pool().idle() == 0 && proxy.pool().dropped() == closed);
      }
      assertThat(proxy.pool().reused()).isZero();
    } finally {
      server.execute("SET GLOBAL init_connect = ''");
    }
  }

  @Test
  void shouldNotReuseInTheMiddleOfAnAnswer() {
    WireClient client = proxy.login("app", "apppw");
    connectionId(client);
    client.sendQuery("SELECT SLEEP(50), 'mid'");
    proxy.await(
        "the server is at it",
        () ->
            !server
                .queryRows(
                    "SELECT id FROM information_schema.processlist WHERE info LIKE '%mid''%'"
                        + " AND user = 'app'")
                .isEmpty());
    client.close();
    proxy.awaitNoSession();
    assertThat(proxy.pool().idle()).isZero();
    WireClient next = proxy.login("app", "apppw");
    assertThat(next.query("SELECT 'mine'").rows()).hasToString("[[mine]]");
    next.close();
  }

  @Test
  void shouldConnectAnewAfterTheServerEndedThem() {
    WireClient first = proxy.login("app", "apppw");
    String id = quitAndAwaitReset(first);
    server.execute("KILL " + id);
    proxy.await("it is forgotten", () -> proxy.pool().idle() == 0);
    WireClient second = proxy.login("app", "apppw");
    assertThat(connectionId(second)).isNotEqualTo(id);
    second.close();
  }

  @Test
  void shouldKeepIdleSessionsAliveAndLeaveThemAsTheyAre() {
    proxy.close();
    server.execute("SET GLOBAL wait_timeout = 6");
    proxy = new PooledProxy(directory, server, settings(), Duration.ofMillis(500));
    try (WireClient alive = proxy.login("app", "apppw");
        WireClient waiting = proxy.login("app", "apppw")) {
      assertThat(alive.query("SELECT @@wait_timeout").rows()).hasToString("[[6]]");
      alive.query("INSERT INTO shop.counted (b) VALUES (1), (2), (3)");
      String inserted = "SELECT ROW_COUNT(), LAST_INSERT_ID() > 0";
      waiting.query("START TRANSACTION");
      waiting.query("INSERT INTO shop.counted (b) VALUES (4)");
      // The server's limit holds in a transaction: the end of this one shows that it has passed.
      waiting.timeout(Duration.ofSeconds(60));
      assertThat(waiting.read().isError()).isTrue();
      assertThat(alive.query(inserted).rows()).hasToString("[[3, 1]]");
      assertThat(server.queryString("SELECT COUNT(*) FROM shop.counted WHERE b = 4"))
          .isEqualTo("0");
    } finally {
      server.execute("SET GLOBAL wait_timeout = 28800", "DELETE FROM shop.counted");
    }
  }
}
