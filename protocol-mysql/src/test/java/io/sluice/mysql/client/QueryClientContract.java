package io.sluice.mysql.client;

import static io.sluice.api.session.CloseReason.SERVER_LOST;
import static io.sluice.mysql.client.ClientUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.api.config.Settings;
import io.sluice.api.session.Failure;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.mysql.client.ClientUnderTest.Told;
import io.sluice.mysql.client.ClientUnderTest.Waiting;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.request.ServerGreeting;
import io.sluice.mysql.result.ResultSet;
import io.sluice.mysql.wire.Packets;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.Ports;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a query client holds with every server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class QueryClientContract {

  /** One to nine. */
  private static final String DIGITS =
      "SELECT 1 i UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6"
          + " UNION SELECT 7 UNION SELECT 8 UNION SELECT 9";

  private static final long MODERN_BITS = Capabilities.DEPRECATE_EOF | Capabilities.SESSION_TRACK;

  private DatabaseServer server;
  private ClientUnderTest proxy;

  @TempDir static Path directory;

  /** Starts the server, with a binary log {@code m1-bin} and packets of 128 MB. */
  abstract DatabaseServer start();

  static DatabaseServer start(DatabaseServer.Builder<?, ?> server) {
    return server.serverId(1).binlog("m1-bin").option("max_allowed_packet", "128M").start();
  }

  /** How to log in to it. */
  Settings settings() {
    return Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.DISABLE);
  }

  /** Commands that this server does not have any more, or not yet. */
  Set<Command> missing() {
    return EnumSet.noneOf(Command.class);
  }

  DatabaseServer server() {
    return server;
  }

  @BeforeAll
  void startServer() {
    BlockingGuard.install();
    server = start();
    server.createUser("app", "secret", "ALL PRIVILEGES ON *.*");

    server.execute(
        "CREATE DATABASE shop",
        "CREATE TABLE shop.item (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(100))",
        "CREATE TABLE shop.num (seq INT PRIMARY KEY)",
        "INSERT INTO shop.num VALUES (1), (2)");
    for (int have = 2; have < 200_000; have *= 10) {
      server.execute(
          "INSERT INTO shop.num SELECT a.seq + b.i * "
              + have
              + " FROM shop.num a JOIN ("
              + DIGITS
              + ") b");
    }
    proxy = new ClientUnderTest(directory, server.host(), server.port(), settings());
  }

  @AfterAll
  void stopServer() {
    proxy.close();
    server.close();
  }

  private Waiting open(boolean modern, long more) {
    boolean can = modern && !missing().contains(Command.RESET_CONNECTION);
    Capabilities capabilities = Capabilities.INTERNAL.with(more).with(can ? MODERN_BITS : 0);
    return proxy.open("app", "secret", new ClientState(capabilities, 45, "shop", Map.of(), ""));
  }

  private Waiting open() {
    return open(false, 0);
  }

  private static CommandBody bytes() {
    return new CommandBody();
  }

  private static CompletableFuture<Told> send(Waiting client, Command command, CommandBody rest) {
    return client.send(MySqlRequest.command(command, rest.out));
  }

  @Test
  void shouldAnswerStatementsInOrder() throws Exception {
    Waiting client = open();

    CompletableFuture<ResultSet> first = client.query("SELECT 1 AS one, NULL AS none, 'é' AS text");
    CompletableFuture<ResultSet> insert =
        client.query("INSERT INTO shop.item (name) VALUES ('a'), ('b')");
    CompletableFuture<ResultSet> wrong = client.query("SELECT wrong");
    CompletableFuture<ResultSet> last = client.query("SELECT VERSION()");

    ResultSet result = await(first);
    assertThat(result.value(0, "ONE")).isEqualTo("1");
    assertThat(result.value(0, "none")).isNull();
    assertThat(result.value(0, 2)).isEqualTo("é");
    assertThat(await(insert).affectedRows()).isEqualTo(2);
    assertThat(await(insert).lastInsertId()).isPositive();
    assertThatThrownBy(() -> await(wrong)).hasMessageContaining("1054 (42S22)");
    assertThat(await(last).value(0, 0)).isEqualTo(server.queryString("SELECT VERSION()"));
    assertThat(proxy.server().attributes().get(ServerGreeting.KEY))
        .hasValueSatisfying(
            g -> assertThat(g.isMariaDb()).isNotEqualTo(server.installation().isMySql()));
    client.client.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReadARowOf40Megabytes(boolean modern) throws Exception {
    Waiting client = open(modern, 0);

    CompletableFuture<ResultSet> large = client.query("SELECT REPEAT('x', 40000000), 'end'");
    CompletableFuture<Told> raw =
        client.send(MySqlRequest.query("SELECT REPEAT('x', 40000000), 'end'"));
    CompletableFuture<ResultSet> small = client.query("SELECT 1");

    byte[] expected = new byte[40_000_000];
    Arrays.fill(expected, (byte) 'x');
    assertThat(Arrays.equals(await(large).bytes(0, 0), expected)).isTrue();
    assertThat(await(large).value(0, 1)).isEqualTo("end");
    assertThat(await(raw).rows()).isEqualTo(1);
    assertThat(await(raw).bytes().readableBytes()).isGreaterThan(40_000_000);
    assertThat(await(small).value(0, 0)).isEqualTo("1");
    client.client.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCountTheRowsOfALongResult(boolean modern) throws Exception {
    Waiting client = open(modern, 0);

    Told told = await(client.send(MySqlRequest.query("SELECT seq, REPEAT('y', 50) FROM shop.num")));

    assertThat(told.rows()).isEqualTo(200_000);
    assertThat(told.resultSet()).isTrue();
    assertThat(told.error()).isNull();
    client.client.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldFindTheEndOfSeveralResults(boolean modern) throws Exception {
    Waiting client = open(modern, Capabilities.MULTI_STATEMENTS);

    CompletableFuture<Told> three =
        client.send(MySqlRequest.query("SELECT 1; DO 1; SELECT 2 UNION SELECT 3"));
    CompletableFuture<Told> failing = client.send(MySqlRequest.query("SELECT 1; SELECT wrong"));
    CompletableFuture<ResultSet> next = client.query("SELECT 'next'");

    assertThat(await(three).rows()).isEqualTo(3);
    assertThat(await(three).status() & ServerStatus.MORE_RESULTS).isZero();
    assertThat(await(failing).rows()).isEqualTo(1);
    assertThat(await(failing).error().code()).isEqualTo(1054);
    assertThat(await(next).value(0, 0)).isEqualTo("next");
    client.client.close();
  }

  @Test
  void shouldFindAnErrorBehindRows() throws Exception {
    Waiting client = open();

    CompletableFuture<Told> failing =
        client.send(
            MySqlRequest.query(
                "SELECT IF(seq < 5000, seq, (SELECT b.seq FROM shop.num b WHERE b.seq < 3 + a.seq * 0))"
                    + " FROM shop.num a WHERE seq <= 10000"));
    CompletableFuture<ResultSet> next = client.query("SELECT 'next'");

    assertThat(await(failing).rows()).isPositive();
    assertThat(await(failing).error().code()).isEqualTo(1242);
    assertThat(await(next).value(0, 0)).isEqualTo("next");
    client.client.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldTrackPreparedStatementsAndCursors(boolean modern) throws Exception {
    Waiting client = open(modern, 0);
    Told prepared =
        await(
            send(
                client,
                Command.STMT_PREPARE,
                bytes().text("SELECT seq, ? FROM num WHERE seq <= 10 AND seq <> ?")));
    assertThat(prepared.statementId()).isPositive();
    long id = prepared.statementId();

    CommandBody parameters = bytes().u4(id).u1(0).u4(1).u1(0).u1(1);
    parameters.u2(3).u2(3).u4(7).u4(5);
    CompletableFuture<Told> executed = send(client, Command.STMT_EXECUTE, parameters);
    CommandBody cursor = bytes().u4(id).u1(1).u4(1).u1(0).u1(1);
    cursor.u2(3).u2(3).u4(7).u4(5);
    CompletableFuture<Told> opened = send(client, Command.STMT_EXECUTE, cursor);
    CompletableFuture<Told> fetched = send(client, Command.STMT_FETCH, bytes().u4(id).u4(4));
    CompletableFuture<Told> rest = send(client, Command.STMT_FETCH, bytes().u4(id).u4(100));
    CompletableFuture<Told> reset = send(client, Command.STMT_RESET, bytes().u4(id));
    client.client.send(
        MySqlRequest.command(Command.STMT_CLOSE, bytes().u4(id).out), (chunk, reply) -> {});
    CompletableFuture<Told> closed = send(client, Command.STMT_RESET, bytes().u4(id));
    CompletableFuture<ResultSet> next = client.query("SELECT 'next'");

    assertThat(await(executed).rows()).isEqualTo(9);
    assertThat(await(opened).rows()).isZero();
    assertThat(await(opened).status() & ServerStatus.CURSOR_EXISTS).isNotZero();
    assertThat(await(fetched).rows()).isEqualTo(4);
    assertThat(await(rest).rows()).isEqualTo(5);
    assertThat(await(rest).status() & ServerStatus.LAST_ROW_SENT).isNotZero();
    assertThat(await(reset).error()).isNull();
    assertThat(await(closed).error().code()).isEqualTo(1243);
    assertThat(await(next).value(0, 0)).isEqualTo("next");
    client.client.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldTrackProceduresWithSeveralResults(boolean modern) throws Exception {
    server.execute(
        "DROP PROCEDURE IF EXISTS shop.two",
        "CREATE PROCEDURE shop.two(OUT o INT)"
            + " BEGIN SELECT 1; SELECT 2 UNION SELECT 3; SET o = 4; END");
    Waiting client = open(modern, 0);
    Told prepared = await(send(client, Command.STMT_PREPARE, bytes().text("CALL shop.two(?)")));

    CommandBody call = bytes().u4(prepared.statementId()).u1(0).u4(1).u1(0).u1(1).u2(3).u4(0);
    CompletableFuture<Told> called = send(client, Command.STMT_EXECUTE, call);
    CompletableFuture<ResultSet> next = client.query("SELECT 'next'");

    // One row, two rows, and the row of the output parameter.
    assertThat(await(called).rows()).isEqualTo(4);
    assertThat(await(called).error()).isNull();
    assertThat(await(next).value(0, 0)).isEqualTo("next");
    client.client.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldTrackTheOtherCommands(boolean modern) throws Exception {
    Waiting client = open(modern, Capabilities.MULTI_STATEMENTS);
    List<CompletableFuture<Told>> answers = new ArrayList<>();
    List<Command> commands =
        List.of(
            Command.PING,
            Command.INIT_DB,
            Command.FIELD_LIST,
            Command.STATISTICS,
            Command.SET_OPTION,
            Command.PROCESS_INFO,
            Command.REFRESH,
            Command.DEBUG,
            Command.RESET_CONNECTION);

    answers.add(send(client, Command.PING, bytes()));
    answers.add(send(client, Command.INIT_DB, bytes().text("shop")));
    answers.add(send(client, Command.FIELD_LIST, bytes().text("item").u1(0)));
    answers.add(send(client, Command.STATISTICS, bytes()));
    answers.add(send(client, Command.SET_OPTION, bytes().u2(1)));
    answers.add(send(client, Command.PROCESS_INFO, bytes()));
    answers.add(send(client, Command.REFRESH, bytes().u1(0x10)));
    answers.add(send(client, Command.DEBUG, bytes()));
    answers.add(send(client, Command.RESET_CONNECTION, bytes()));
    CompletableFuture<Told> noTable = send(client, Command.FIELD_LIST, bytes().text("no").u1(0));
    CompletableFuture<ResultSet> next = client.query("SELECT 'next'");
    CompletableFuture<Told> noDump = send(client, Command.BINLOG_DUMP_GTID, bytes());

    for (int i = 0; i < answers.size(); i++) {
      if (missing().contains(commands.get(i))) {
        assertThat(await(answers.get(i)).error().code()).isEqualTo(1047);
      } else {
        assertThat(await(answers.get(i)).error()).as(commands.get(i).name()).isNull();
      }
    }
    assertThat(await(answers.get(3)).bytes().toString(StandardCharsets.UTF_8)).contains("Uptime");
    assertThat(await(noTable).error()).isNotNull();
    assertThat(await(next).value(0, 0)).isEqualTo("next");
    if (server.installation().isMySql()) {
      assertThat(await(noDump).error().code()).isEqualTo(1835);
      assertThat(await(client.failure).reason()).as("it hangs up").isEqualTo(SERVER_LOST);
    } else {
      assertThat(await(noDump).error().code()).isEqualTo(1047);
      assertThat(await(client.query("SELECT 'last'")).value(0, 0)).isEqualTo("last");
    }
    client.client.close();
  }

  @Test
  void shouldPassDataOfTheClientDown() throws Exception {
    Waiting client = open(false, Capabilities.LOCAL_FILES);
    await(client.query("DROP TABLE IF EXISTS shop.load_me"));
    await(client.query("CREATE TABLE shop.load_me (a INT, b VARCHAR(10))"));
    boolean[] asked = new boolean[1];

    CompletableFuture<Told> loaded =
        client.send(
            MySqlRequest.query("LOAD DATA LOCAL INFILE 'x' INTO TABLE shop.load_me"),
            reply -> {
              if (reply.wantsClientData() && !asked[0]) {
                asked[0] = true;
                ByteBuf data = Unpooled.copiedBuffer("1\tone\n2\ttwo\n", StandardCharsets.UTF_8);
                UnpooledByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
                client.client.sendMore(Packets.frame(allocator, 2, data));
                client.client.sendMore(Packets.frame(allocator, 3, Unpooled.EMPTY_BUFFER));
              }
            });
    CompletableFuture<ResultSet> next =
        loaded.thenCompose(told -> client.query("SELECT COUNT(*) FROM shop.load_me"));

    assertThat(await(loaded).affectedRows()).isEqualTo(2);
    assertThat(asked[0]).isTrue();
    assertThat(await(next).value(0, 0)).isEqualTo("2");
    client.client.close();
  }

  @Test
  void shouldHandOutABinaryLog() throws Exception {
    Waiting client = open();
    await(client.query("SET @master_binlog_checksum = 'CRC32', @mariadb_slave_capability = 4"));
    ByteBuf dump = Unpooled.buffer();
    new ComBinlogDump(4, ComBinlogDump.NON_BLOCKING, 77, "m1-bin.000001").encode(dump);
    dump.skipBytes(1);

    Told told = await(client.send(MySqlRequest.command(Command.BINLOG_DUMP, dump)));

    assertThat(told.error()).isNull();
    ByteBuf bytes = told.bytes();
    assertThat(Packets.sequence(bytes, 0)).isEqualTo(1);
    assertThat(bytes.getByte(4)).isZero();
    assertThat(Packets.count(bytes)).isGreaterThan(5);
    assertThat(bytes.getUnsignedByte(bytes.writerIndex() - 5)).isEqualTo((short) 0xfe);
    client.client.close();
  }

  @Test
  void shouldHandOutTheErrorThatRefusesABinaryLog() throws Exception {
    Waiting client = open();
    ByteBuf dump = Unpooled.buffer();
    new ComBinlogDump(4, 0, 77, "m1-bin.999999").encode(dump);
    dump.skipBytes(1);

    Told told = await(client.send(MySqlRequest.command(Command.BINLOG_DUMP, dump)));

    assertThat(told.error().code()).isEqualTo(1236);
    client.client.close();
  }

  @Test
  void shouldTellThatTheLoginWasRefused() throws Exception {
    Waiting client = proxy.open("app", "wrong", ClientState.INTERNAL);
    CompletableFuture<ResultSet> lost = client.query("SELECT 1");

    Failure failure = await(client.failure);

    assertThat(failure.kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(failure.error().code()).isEqualTo(1045);
    assertThat(client.client.isOpen()).isFalse();
    assertThat(lost).isNotDone();
  }

  @Test
  void shouldTellThatTheDatabaseIsUnknown() throws Exception {
    Waiting client = proxy.open("app", "secret", ClientState.INTERNAL.withDatabase("nowhere"));

    Failure failure = await(client.failure);

    assertThat(failure.kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(failure.error().code()).isEqualTo(1049);
  }

  @Test
  void shouldLogInToTheDatabaseWithAttributes() throws Exception {
    Waiting client =
        proxy.open(
            "app",
            "secret",
            new ClientState(Capabilities.INTERNAL, 8, "shop", Map.of("program_name", "till"), ""));

    ResultSet result = await(client.query("SELECT DATABASE(), @@character_set_client"));

    assertThat(result.value(0, 0)).isEqualTo("shop");
    assertThat(result.value(0, 1)).isEqualTo("latin1");
    client.client.close();
  }

  @Test
  void shouldTellThatNobodyListens() throws Exception {
    try (ClientUnderTest other =
        new ClientUnderTest(directory.resolve("x"), "127.0.0.1", Ports.free(), TlsMode.DISABLE)) {
      Waiting client = other.open("app", "secret", ClientState.INTERNAL);

      Failure failure = await(client.failure);

      assertThat(failure.kind()).isEqualTo(Failure.Kind.TRANSIENT);
      assertThat(failure.reason()).isEqualTo(SERVER_LOST);
    }
  }

  @Test
  void shouldTellThatTheConnectionWasKilled() throws Exception {
    Waiting client = open();
    String id = await(client.query("SELECT CONNECTION_ID()")).value(0, 0);
    CompletableFuture<ResultSet> sleeping = client.query("SELECT SLEEP(60)");

    server.execute("KILL CONNECTION " + id);

    // An error to the statement, the '1' of a sleep that was interrupted, or none; then the end.
    assertThat(await(client.failure).kind()).isEqualTo(Failure.Kind.TRANSIENT);
    if (sleeping.isDone() && !sleeping.isCompletedExceptionally()) {
      assertThat(sleeping.get().value(0, 0)).isEqualTo("1");
    }
  }

  @Test
  void shouldSayGoodByeToTheServer() throws Exception {
    long aborted =
        Long.parseLong(server.queryRow("SHOW GLOBAL STATUS LIKE 'Aborted_clients'").get(1));
    Waiting client = open();
    String id = await(client.query("SELECT CONNECTION_ID()")).value(0, 0);

    client.client.close();

    Await.until(
        "the connection is gone",
        () ->
            server
                .queryString("SELECT COUNT(*) FROM information_schema.processlist WHERE id = " + id)
                .equals("0"));
    assertThat(Long.parseLong(server.queryRow("SHOW GLOBAL STATUS LIKE 'Aborted_clients'").get(1)))
        .isEqualTo(aborted);
    assertThat(client.failure).isNotDone();
  }

  @Test
  void shouldStopReadingWhenTold() throws Exception {
    Waiting client = open();
    await(client.ready);
    client.client.setReading(false);
    CompletableFuture<ResultSet> held = client.query("SELECT 1");
    // The statement has reached the server and its answer waits in the socket.
    Await.until(
        "the server has answered",
        () ->
            Long.parseLong(
                    server.queryString(
                        "SELECT COUNT(*) FROM information_schema.processlist"
                            + " WHERE user = 'app' AND command = 'Sleep'"))
                > 0);

    assertThat(held).isNotDone();
    client.client.setReading(true);

    assertThat(await(held).value(0, 0)).isEqualTo("1");
    client.client.close();
  }
}
