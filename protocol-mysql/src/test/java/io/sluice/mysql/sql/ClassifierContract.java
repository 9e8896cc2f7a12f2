package io.sluice.mysql.sql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import io.sluice.testkit.wire.WireResult;
import io.sluice.testkit.wire.WireWriter;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What counts as a read is one for a real server: somebody who may only read, in a session that
 * only reads, is never told that he may not, whatever the server's modes are.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClassifierContract {

  private static final Logger LOGGER = LoggerFactory.getLogger(ClassifierContract.class);
  private static final int TEXTS = 10_000;
  private static final int COM_QUERY = 3;
  private static final int MORE_RESULTS = 8;

  /** No access, not in a transaction that reads, no such function. */
  private static final Set<Integer> REFUSALS =
      Set.of(1044, 1045, 1142, 1143, 1227, 1290, 1305, 1370, 1792);

  private static final String CHANGE = "; DELETE FROM fuzz.t; ";

  private static final String[] PIECES = {
    "\\",
    "\\'",
    "\\\"",
    "\\`",
    "''",
    "\"\"",
    "``",
    "'",
    "\"",
    "`",
    "-- ",
    "-- '",
    "-- \"",
    "--",
    "#",
    "\n",
    "/*",
    "*/",
    "/*!",
    "/*!99999 ",
    "/*!40101 ",
    "/*M!100100 ",
    "x",
    "1",
    ", ",
    " ",
    " AS a",
    "$$",
    "@a",
    "\u00e9",
    "\u00a0",
    " INTO OUTFILE 'x' ",
    " UNION SELECT 1 ",
    "(",
    ")"
  };

  private static final String[] QUOTES = {"'", "\"", "`"};

  private DatabaseServer server;

  abstract DatabaseServer startServer();

  /** Modes of the session to try. */
  List<String> modes() {
    return List.of("", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES");
  }

  @BeforeAll
  void start() {
    server = startServer();
    server.execute(
        "CREATE DATABASE fuzz",
        "CREATE TABLE fuzz.t (a INT, b INT)",
        "INSERT INTO fuzz.t VALUES (1, 2)");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void shouldTakeNothingForAReadThatAServerRefusesToAReader() {
    long seed = Long.getLong("sluice.fuzz.seed", new Random().nextLong());
    LOGGER.atInfo().addKeyValue("seed", seed).log("classifying");
    Random random = new Random(seed);
    int reads = 0;
    int answered = 0;
    for (String mode : modes()) {
      for (String names : List.of("utf8mb4", "latin1")) {
        Backslash backslash = mode.contains("NO_BACKSLASH") ? Backslash.UNKNOWN : Backslash.ESCAPES;
        try (WireClient client = reader(mode, names)) {
          for (int i = 0; i < TEXTS; i++) {
            byte[] sql = text(random).getBytes(names.equals("latin1") ? ISO_8859_1 : UTF_8);
            if (StatementClassifier.classify(sql, 0, sql.length, backslash).isRead()) {
              reads++;
              answered += run(client, sql, mode + " " + names + ", seed " + seed) ? 1 : 0;
            }
          }
        }
      }
    }
    LOGGER.atInfo().addKeyValue("reads", reads).addKeyValue("answered", answered).log("classified");
    assertThat(server.sql().queryLong("SELECT COUNT(*) FROM fuzz.t")).isEqualTo(1);
    assertThat(answered).isGreaterThan(100);
  }

  /** So that the texts above are worth something: a wrong idea of the mode is found out. */
  @Test
  void shouldFindAReadingThatIsWrongForTheServer() {
    Random random = new Random(1);
    int refused = 0;
    try (WireClient client = reader("NO_BACKSLASH_ESCAPES", "utf8mb4")) {
      for (int i = 0; i < TEXTS; i++) {
        byte[] sql = text(random).getBytes(UTF_8);
        if (StatementClassifier.classify(sql, 0, sql.length, Backslash.ESCAPES).isRead()) {
          refused += REFUSALS.contains(code(client, sql)) ? 1 : 0;
        }
      }
    }
    assertThat(refused).isPositive();
  }

  private WireClient reader(String mode, String names) {
    WireClient client = WireClient.open("127.0.0.1", server.port());
    client.login(
        "reader",
        "readerpw",
        "fuzz",
        WireClient.DEFAULT_CAPABILITIES | WireClient.MULTI_STATEMENTS);
    client.query("SET SESSION sql_mode = '" + mode + "'");
    client.query("SET NAMES " + names);
    client.query("SET SESSION TRANSACTION READ ONLY");
    return client;
  }

  /** Some values, some of them quoted, some with the quotes of others in them. */
  private static String text(Random random) {
    // Few different ones, so that they meet in many ways.
    String[] few = {CHANGE, piece(random), piece(random), piece(random)};
    StringBuilder sql = new StringBuilder(random.nextInt(8) == 0 ? "/*!40000 SELECT " : "SELECT ");
    int values = 1 + random.nextInt(2);
    for (int i = 0; i < values; i++) {
      String quote = random.nextInt(5) == 0 ? "" : QUOTES[random.nextInt(QUOTES.length)];
      sql.append(i == 0 ? "" : ", ").append(quote);
      int pieces = 1 + random.nextInt(5);
      for (int piece = 0; piece < pieces; piece++) {
        sql.append(few[random.nextInt(few.length)]);
      }
      sql.append(quote);
    }
    return sql.append(random.nextBoolean() ? "" : " -- ").toString();
  }

  private static String piece(Random random) {
    return PIECES[random.nextInt(PIECES.length)];
  }

  /** Whether the server understood it; fails if it took it for more than a read. */
  private static boolean run(WireClient client, byte[] sql, String mode) {
    int code = code(client, sql);
    assertThat(REFUSALS).as("%s: %s", mode, new String(sql, ISO_8859_1)).doesNotContain(code);
    return code == 0;
  }

  /** The error that comes back, or 0. */
  private static int code(WireClient client, byte[] sql) {
    client.command(new WireWriter().u1(COM_QUERY).bytes(sql).toBytes());
    try {
      WireResult result = client.readResult();
      while ((result.status() & MORE_RESULTS) != 0) {
        result = client.readResult();
      }
      return 0;
    } catch (WireError e) {
      return e.code();
    }
  }
}
