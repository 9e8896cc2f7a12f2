package io.sluice.mysql.frontend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.sluice.api.protocol.Capability;
import io.sluice.mysql.backend.RawClient;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.wire.Packets;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command in every form of capabilities: the proxy's bytes are those of the real server. */
abstract class CommandsContract {

  private static final String USERS = "users = [{ name = raw, password = \"\" }]";

  private static final Capabilities PLAIN =
      Capabilities.COMMON.without(
          Capabilities.DEPRECATE_EOF | Capabilities.SESSION_TRACK | Capabilities.LONG_PASSWORD);

  @TempDir Path directory;

  /** The real server; user raw without a password may do everything. */
  abstract DatabaseServer server();

  abstract boolean isMariaDb();

  static void prepare(DatabaseServer server) {
    server.execute(
        "CREATE USER raw IDENTIFIED BY ''",
        "GRANT ALL ON *.* TO raw",
        "CREATE DATABASE d",
        "CREATE TABLE d.t (a INT PRIMARY KEY AUTO_INCREMENT, b VARCHAR(300))",
        "CREATE TABLE d.two (a INT, b LONGTEXT)",
        "INSERT INTO d.two VALUES (1, 'one'), (2, NULL), (3, REPEAT('x', 70000))",
        "CREATE PROCEDURE d.p(OUT o INT) BEGIN SELECT 1; SELECT 2 FROM d.two; SET o = 3; END",
        "SET GLOBAL local_infile = 1");
  }

  private Capabilities modern() {
    Capabilities both = PLAIN.with(Capabilities.DEPRECATE_EOF | Capabilities.SESSION_TRACK);
    return isMariaDb()
        ? both.with(
            Capabilities.MARIADB_CACHE_METADATA
                | Capabilities.MARIADB_EXTENDED_METADATA
                | Capabilities.MARIADB_BULK
                | Capabilities.MARIADB_PROGRESS
                | Capabilities.MARIADB_BULK_UNIT_RESULTS)
        : both.with(Capabilities.QUERY_ATTRIBUTES);
  }

  private Capabilities form(String name) {
    return switch (name) {
      case "plain" -> PLAIN;
      case "modern" -> modern();
      case "own-with-eof" -> modern().without(Capabilities.DEPRECATE_EOF);
      default -> throw new IllegalArgumentException(name);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "modern", "own-with-eof"})
  void shouldAnswerEveryCommandAsTheServer(String name) throws Exception {
    Capabilities form = form(name);
    List<String> direct;
    try (RawClient client = new RawClient(server().port(), "raw", form)) {
      direct = dialog(client, form);
    }
    for (Capability[] prepare : new Capability[][] {{}, {Capability.STATEMENTS}}) {
      try (ProxyUnderTest proxy = new ProxyUnderTest(directory, server(), null, USERS, prepare)) {
        warmUp(proxy);
        try (RawClient client = new RawClient(proxy.port(), "raw", form)) {
          assertThat(dialog(client, form)).containsExactlyElementsOf(direct);
        }
      }
    }
  }

  /** What a listener offers is known after its first session has met the server. */
  private static void warmUp(ProxyUnderTest proxy) throws IOException {
    try (RawClient first = new RawClient(proxy.port(), "raw", PLAIN)) {
      first.ask(Command.PING, new byte[0]);
    }
  }

  private final class Dialog {
    private final RawClient client;
    private final boolean attributes;
    private final List<String> answers = new ArrayList<>();
    private String statement = "";

    Dialog(RawClient client, Capabilities form) {
      this.client = client;
      this.attributes = form.has(Capabilities.QUERY_ATTRIBUTES);
    }

    byte[] text(String sql) {
      byte[] bytes = sql.getBytes(UTF_8);
      return attributes ? concat(new byte[] {0, 1}, bytes) : bytes;
    }

    void query(String sql) throws IOException {
      answers.add(sql + ": " + client.ask(Command.QUERY, text(sql)));
    }

    void send(Command command, String hex) throws IOException {
      byte[] rest = ByteBufUtil.decodeHexDump(hex.replace(" ", ""));
      answers.add(command + " " + hex + ": " + client.ask(command, rest));
    }

    /** Numbers of statements go on where another session ended that had the thread before. */
    void prepare(String sql) throws IOException {
      String answer = client.ask(Command.STMT_PREPARE, sql.getBytes(UTF_8));
      boolean prepared = answer.startsWith("00", 2 * Packets.HEADER);
      if (prepared) {
        statement = answer.substring(10, 18);
        answer = answer.substring(0, 10) + "number" + answer.substring(18);
      }
      answers.add(sql + ": " + answer);
    }

    /** About the statement that was prepared last. */
    void statement(Command command, String hex) throws IOException {
      byte[] rest = ByteBufUtil.decodeHexDump(statement + hex.replace(" ", ""));
      answers.add(command + " " + hex + ": " + client.ask(command, rest));
    }

    /** About the statement prepared last, whose number is in the error's text. */
    void refused(Command command, String hex) throws IOException {
      String answer = client.ask(command, ByteBufUtil.decodeHexDump(statement + hex));
      answers.add(command + " " + hex + ": " + answer.substring(6, 26));
    }

    /** Answers whose bytes differ from time to time: only their end is proved. */
    void formOnly(Command command, String hex) throws IOException {
      String answer = client.ask(command, ByteBufUtil.decodeHexDump(hex));
      assertThat(answer).isNotEmpty();
    }
  }

  private List<String> dialog(RawClient client, Capabilities form) throws IOException {
    server().execute("TRUNCATE d.t");
    Dialog dialog = new Dialog(client, form);
    texts(dialog);
    statements(dialog);
    if (isMariaDb()) {
      mariaDb(dialog, form);
    }
    files(dialog);
    rest(dialog);
    return dialog.answers;
  }

  private static void texts(Dialog dialog) throws IOException {
    dialog.send(Command.INIT_DB, "64");
    dialog.send(Command.INIT_DB, "6e6f73756368");
    dialog.query("SELECT a, b FROM two");
    dialog.query("SELECT a FROM two WHERE a > 9");
    dialog.query("INSERT INTO t (b) VALUES ('x'), ('y')");
    dialog.query("INSERT INTO t (a, b) VALUES (1, 'twice')");
    dialog.query("SELECT nonsense");
    dialog.query("SELECT 1; INSERT INTO t (b) VALUES ('z'); SELECT 2, NULL FROM two; DO 1");
    dialog.query("SELECT 1; SELECT nonsense; SELECT 3");
    dialog.query("CALL p(@o)");
    dialog.query("SET autocommit = 0");
    dialog.query("USE mysql");
    dialog.query("SET NAMES latin1");
    dialog.query("ROLLBACK");
    dialog.query("USE d");
    if (dialog.attributes) {
      byte[] one =
          concat(
              ByteBufUtil.decodeHexDump("01010001" + "fd00" + "056272616e64" + "0378797a"),
              "SELECT 'behind'".getBytes(UTF_8));
      dialog.answers.add("attribute: " + dialog.client.ask(Command.QUERY, one));
    }
  }

  private static void statements(Dialog dialog) throws IOException {
    String count = dialog.attributes ? "01" : "";
    String unnamed = dialog.attributes ? "00" : "";
    dialog.prepare("SELECT a, b FROM two WHERE a >= ?");
    dialog.statement(
        Command.STMT_EXECUTE, "00 01000000" + count + "00 01 0800" + unnamed + " 0200000000000000");
    dialog.statement(Command.STMT_EXECUTE, "00 01000000" + count + "00 00 0300000000000000");
    // A cursor, fetched in two pieces and once behind its end.
    dialog.statement(Command.STMT_EXECUTE, "01 01000000" + count + "00 00 0100000000000000");
    dialog.statement(Command.STMT_FETCH, "02000000");
    dialog.statement(Command.STMT_FETCH, "02000000");
    dialog.refused(Command.STMT_FETCH, "02000000");
    dialog.statement(Command.STMT_RESET, "");
    dialog.send(Command.STMT_EXECUTE, "ffff0000 00 01000000");
    dialog.prepare("INSERT INTO t (b) VALUES (?)");
    dialog.statement(Command.STMT_SEND_LONG_DATA, "0000 6c6f6e67");
    dialog.statement(Command.STMT_SEND_LONG_DATA, "0000 6c6f6e67");
    dialog.statement(Command.STMT_EXECUTE, "00 01000000" + count + "00 01 fb00" + unnamed);
    dialog.query("SELECT * FROM t");
    dialog.statement(Command.STMT_CLOSE, "");
    dialog.prepare("CALL p(?)");
    dialog.statement(
        Command.STMT_EXECUTE, "00 01000000" + count + "00 01 0300" + unnamed + " 07000000");
    dialog.prepare("nonsense");
    dialog.prepare("DO 1");
    dialog.statement(Command.STMT_EXECUTE, "00 01000000");
  }

  /** Direct and bulk execution. */
  private static void mariaDb(Dialog dialog, Capabilities form) throws IOException {
    dialog.prepare("SELECT a FROM two");
    dialog.send(Command.STMT_EXECUTE, "ffffffff 00 01000000");
    dialog.send(Command.STMT_EXECUTE, "ffffffff 00 01000000");
    dialog.query("ALTER TABLE two MODIFY a BIGINT");
    dialog.send(Command.STMT_EXECUTE, "ffffffff 00 01000000");
    dialog.query("ALTER TABLE two MODIFY a INT");
    dialog.prepare("nonsense");
    dialog.send(Command.STMT_EXECUTE, "ffffffff 00 01000000");
    dialog.prepare("INSERT INTO t (b) VALUES (?)");
    if (form.has(Capabilities.MARIADB_BULK)) {
      dialog.send(Command.STMT_BULK_EXECUTE, "ffffffff 8000 fd00 00 0161 01 00 0162 02");
      dialog.send(Command.STMT_BULK_EXECUTE, "ffffffff c000 fd00 00 0163 00 0164");
      dialog.prepare("INSERT INTO t (a, b) VALUES (?, 'q') RETURNING a, b");
      dialog.send(Command.STMT_BULK_EXECUTE, "ffffffff 8000 0300 00 65000000 00 66000000");
      dialog.send(Command.STMT_BULK_EXECUTE, "ffffffff 8000 0300 00 65000000 00 67000000");
    }
    dialog.query("SELECT * FROM t");
  }

  private static void files(Dialog dialog) throws IOException {
    byte[] one = "101\tone\n102\ttwo\n".getBytes(UTF_8);
    byte[] two = "103\tthree\n".getBytes(UTF_8);
    for (String sql :
        List.of(
            "LOAD DATA LOCAL INFILE 'f' INTO TABLE two",
            "LOAD DATA LOCAL INFILE 'f' INTO TABLE nosuch",
            "LOAD DATA LOCAL INFILE 'f' INTO TABLE two (a, nosuch)")) {
      dialog.answers.add(sql + ": " + dialog.client.load(dialog.text(sql), one, two));
      dialog.answers.add("empty: " + dialog.client.load(dialog.text(sql)));
    }
    dialog.query("DELETE FROM two WHERE a > 3");
  }

  private static void rest(Dialog dialog) throws IOException {
    dialog.send(Command.FIELD_LIST, "74776f00");
    dialog.send(Command.FIELD_LIST, "6e6f7375636800");
    dialog.send(Command.SET_OPTION, "0100");
    dialog.query("SELECT 1; SELECT 2");
    dialog.send(Command.SET_OPTION, "0000");
    dialog.send(Command.SET_OPTION, "0900");
    dialog.formOnly(Command.STATISTICS, "");
    dialog.formOnly(Command.PROCESS_INFO, "");
    dialog.send(Command.DEBUG, "");
    dialog.send(Command.PING, "");
    dialog.send(Command.REFRESH, "01");
    dialog.send(Command.TIME, "");
    dialog.send(Command.RESET_CONNECTION, "");
    dialog.query("SELECT DATABASE(), @@autocommit");
  }

  @Test
  void shouldBreakOffAQueryOfAnotherSession() throws Exception {
    try (ProxyUnderTest proxy = new ProxyUnderTest(directory, server(), null, USERS);
        RawClient sleeper = new RawClient(proxy.port(), "raw", PLAIN);
        RawClient killer = new RawClient(proxy.port(), "raw", PLAIN)) {
      CompletableFuture<String> answer = sleep(sleeper);

      String ok = killer.ask(Command.QUERY, ("KILL QUERY " + sleeper.id()).getBytes(UTF_8));

      assertThat(ok).startsWith("07000001000000");
      assertThat(answer.get(60, TimeUnit.SECONDS)).isNotEmpty();
      assertThat(sleeper.ask(Command.PING, new byte[0])).startsWith("07000001000000");
    }
  }

  @Test
  void shouldEndAnotherSessionAndWhatItRuns() throws Exception {
    try (ProxyUnderTest proxy = new ProxyUnderTest(directory, server(), null, USERS);
        RawClient sleeper = new RawClient(proxy.port(), "raw", PLAIN);
        RawClient killer = new RawClient(proxy.port(), "raw", PLAIN)) {
      CompletableFuture<String> answer = sleep(sleeper);
      long id = sleeper.id();
      byte[] number = {(byte) id, (byte) (id >>> 8), 0, 0};

      String ok = killer.ask(Command.PROCESS_KILL, number);

      assertThat(ok).startsWith("07000001000000");
      // 1927 from the proxy; if the server was told before the session ended, 1317 or a sleep of
      // '1',
      // which means that it was interrupted.
      assertThat(answer.get(60, TimeUnit.SECONDS)).containsPattern("ff(8707|2505)|013103726177");
      Await.until("the session is over", () -> proxy.sessions() == 1);
      Await.until("the server does not sleep any more", () -> sleeping() == null);
    }
  }

  private CompletableFuture<String> sleep(RawClient sleeper) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                answer.complete(
                    sleeper.askOnly(Command.QUERY, "SELECT SLEEP(55), 'raw'".getBytes(UTF_8)));
              } catch (IOException e) {
                answer.completeExceptionally(e);
              }
            },
            "sleeper");
    thread.start();
    Await.until("the server sleeps", () -> sleeping() != null);
    return answer;
  }

  private @Nullable String sleeping() {
    List<List<@Nullable String>> rows =
        server()
            .queryRows(
                "SELECT ID FROM INFORMATION_SCHEMA.PROCESSLIST"
                    + " WHERE USER = 'raw' AND INFO LIKE 'SELECT SLEEP%'");
    return rows.isEmpty() ? null : rows.get(0).get(0);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
