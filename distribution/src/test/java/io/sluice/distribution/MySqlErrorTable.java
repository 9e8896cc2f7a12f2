package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.distribution.MySqlProbe.Outcome;
import io.sluice.distribution.MySqlProbe.Request;
import io.sluice.testkit.scripted.ScriptedReplica;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Replication;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real MySQL replica is pointed at a source in some state, then at the relay that holds the same:
 * error number, error text, the state of the I/O thread and the events received must be equal. A
 * subclass names the servers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class MySqlErrorTable {

  private static final int LAST = Integer.MAX_VALUE;
  private static final String OTHER = "aaaaaaaa-1111-2222-3333-bbbbbbbbbbbb";

  private MySqlErrorWorld world;
  private MySqlProbe replica;

  abstract String installation();

  @BeforeAll
  void startAll(@TempDir Path directory) {
    world = new MySqlErrorWorld(installation(), directory);
    replica = new MySqlProbe(world.server(50, true).start());
  }

  @AfterAll
  void stopAll() {
    replica.close();
    world.close();
  }

  /** A request, and what the source's answer must be for the row to be worth its name. */
  record Row(
      String name, boolean refused, String text, Function<MySqlErrorWorld, Request> request) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** The text is a part of the source's, in the words of 8.4 and later or in those before. */
  private Row refused(
      String name, String newText, String oldText, Function<MySqlErrorWorld, Request> request) {
    return new Row(name, true, world.isNew() ? newText : oldText, request);
  }

  private static Row refused(String name, String text, Function<MySqlErrorWorld, Request> request) {
    return new Row(name, true, text, request);
  }

  private static Row allowed(String name, Function<MySqlErrorWorld, Request> request) {
    return new Row(name, false, "", request);
  }

  Stream<Row> rows() {
    List<Row> rows = new ArrayList<>(autoPosition());
    rows.addAll(filesAndPositions());
    if (world.isNew()) {
      rows.add(
          refused(
              "a tag of the source's own that it does not know",
              "Replica has more GTIDs than the source has",
              w -> Request.auto(w.gtids("end") + ":tag:1-3")));
      rows.add(
          allowed(
              "tags of another server",
              w -> Request.auto(w.gtids("middle") + "," + OTHER + ":tag:1-3")));
    }
    return rows.stream();
  }

  private List<Row> autoPosition() {
    String purgedNew = "Cannot replicate because the source purged required binary logs.";
    String purgedOld = "the master has purged binary logs containing GTIDs that the slave requires";
    return List.of(
        refused("nothing executed", purgedNew, purgedOld, w -> Request.auto("")),
        refused(
            "one purged transaction is missing",
            purgedNew,
            purgedOld,
            w -> Request.auto(withoutNumber(w, 2))),
        refused(
            "missing, beside a set that is too long to print",
            purgedNew,
            purgedOld,
            w -> Request.auto(withoutNumber(w, 2) + "," + longSet())),
        refused(
            "diverged",
            "Replica has more GTIDs than the source has",
            "Slave has more GTIDs than the master has",
            w -> Request.auto(w.source().serverUuid() + ":1-999999")),
        refused(
            "diverged and purged",
            "Replica has more GTIDs than the source has",
            "Slave has more GTIDs than the master has",
            w -> Request.auto(w.source().serverUuid() + ":999999")),
        allowed("purged, nothing missing", w -> Request.auto(w.gtids("purged"))),
        allowed("first file after the purge", w -> Request.auto(w.gtids("oldest"))),
        allowed("in the middle", w -> Request.auto(w.gtids("middle"))),
        allowed("at the end", w -> Request.auto(w.gtids("end"))),
        allowed("a hole", w -> Request.auto(withoutNumber(w, last(w) - 3))),
        allowed(
            "more than the source has of another server",
            w -> Request.auto(w.gtids("middle") + "," + OTHER + ":1-5")));
  }

  private List<Row> filesAndPositions() {
    String unknown = "Could not find first log file name in binary log index file";
    String beyondNew = "Client requested source to start replication from position > file size";
    String beyondOld = "Client requested master to start replication from position > file size";
    return List.of(
        refused("unknown file", unknown, w -> Request.at("m-bin.000099", 4)),
        refused("purged file", unknown, w -> Request.at("m-bin.000001", 4)),
        refused("file of another name", unknown, w -> Request.at("other-bin.000003", 4)),
        refused(
            "beyond the end of a closed file",
            beyondNew,
            beyondOld,
            w -> Request.at("m-bin.000003", 999_999)),
        refused(
            "beyond the end of the newest file",
            beyondNew,
            beyondOld,
            w -> Request.at("m-bin.000008", 999_999)),
        refused(
            "one byte beyond the end of a closed file",
            beyondNew,
            beyondOld,
            w ->
                Request.at(
                    "m-bin.000004", w.source().binlogPath("m-bin.000004").toFile().length() + 1)),
        refused("inside the first event", "", w -> Request.at("m-bin.000003", 20)),
        refused("inside the second event", "", w -> Request.at("m-bin.000003", event(w, 1) + 7)),
        refused("inside an event", "", w -> Request.at("m-bin.000003", event(w, 3) + 7)),
        refused("inside a later event", "", w -> Request.at("m-bin.000003", event(w, 6) + 7)),
        refused("at an event's last byte", "", w -> Request.at("m-bin.000003", event(w, 6) - 1)),
        allowed("a file's begin", w -> Request.at("m-bin.000003", 4)),
        allowed("below a file's begin", w -> Request.at("m-bin.000003", 1)),
        allowed("no file's name", w -> Request.at("", 4)),
        allowed("behind the format description", w -> Request.at("m-bin.000003", event(w, 1))),
        allowed("at a transaction", w -> Request.at("m-bin.000003", event(w, 2))),
        allowed("inside a transaction", w -> Request.at("m-bin.000003", event(w, 5))),
        allowed(
            "at the end of a closed file",
            w ->
                Request.at(
                    "m-bin.000004", w.source().binlogPath("m-bin.000004").toFile().length())),
        allowed("at the end", w -> Request.at("m-bin.000008", w.source().binlogEnd().position())));
  }

  /** All that the source executed but one transaction. */
  private static String withoutNumber(MySqlErrorWorld world, int number) {
    return "%s:1-%d:%d-%d"
        .formatted(world.source().serverUuid(), number - 1, number + 1, last(world));
  }

  private static int last(MySqlErrorWorld world) {
    String executed = world.gtids("end");
    return Integer.parseInt(executed.substring(executed.indexOf('-', executed.indexOf(':')) + 1));
  }

  private static String longSet() {
    return OTHER
        + IntStream.range(1, 200)
            .mapToObj(n -> ":" + (10_000 + 2 * n))
            .collect(Collectors.joining());
  }

  /** The position of the n-th event of the first file that is left. */
  private static long event(MySqlErrorWorld world, int index) {
    return event(world, "m-bin.000003", index);
  }

  private static long event(MySqlErrorWorld world, String file, int index) {
    return Long.parseLong(
        String.valueOf(
            world.source().queryRows("SHOW BINLOG EVENTS IN '" + file + "'").get(index).get(1)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldAnswerAsASource(Row row) {
    Request request = row.request().apply(world);
    Outcome expected = replica.ask(source(MySqlErrorWorld.USER), request, world.source());
    assertThat(expected.errno()).as(expected.error()).isEqualTo(row.refused() ? fatalErrno() : "0");
    assertThat(expected.error()).contains(row.text());
    assertThat(expected.running()).isEqualTo(row.refused() ? "No" : "Yes");
    assertThat(replica.ask(relay(MySqlErrorWorld.USER), request, world.source()))
        .isEqualTo(expected);
  }

  /** What a replica makes of error 1236. */
  private String fatalErrno() {
    return world.isNew() ? "13114" : "1236";
  }

  private Replication.Source source(String user) {
    return world.toSource(user, password(user));
  }

  private Replication.Source relay(String user) {
    return world.toRelay(user, password(user));
  }

  private static String password(String user) {
    return user + "pw";
  }

  @Test
  void shouldRefuseLoginsAsASource() {
    Request request = Request.auto(world.gtids("end"));
    for (String[] account :
        new String[][] {
          {"repl", "wrong"}, {"nobody", "wrong"}, {"repl", ""}, {"weak", "weakpw"},
        }) {
      assertSameFailure(request, account[0], account[1], world.isNew() ? "Access denied" : "");
    }
    if (world.isNew()) {
      assertSameFailure(request, "locked", "lockedpw", "Account is locked");
      assertSameFailure(request, "locked", "wrong", "Access denied for user");
    }
  }

  private Outcome assertSameFailure(Request request, String user, String password, String text) {
    Outcome expected = replica.ask(world.toSource(user, password), request, world.source());
    assertThat(expected.failed()).isTrue();
    assertThat(expected.error()).contains(text);
    assertThat(replica.ask(world.toRelay(user, password), request, world.source()))
        .isEqualTo(expected);
    return expected;
  }

  @Test
  void shouldRefuseAReplicaWithTheSourcesOwnId() {
    replica.server().execute("SET GLOBAL server_id = 1");
    try {
      Outcome outcome =
          assertSameFailure(Request.auto(world.gtids("end")), "repl", "replpw", "server ids");
      assertThat(outcome.running()).isEqualTo("No");
    } finally {
      replica.server().execute("SET GLOBAL server_id = 50");
    }
  }

  @Test
  void shouldRefuseAReplicaWithTheSourcesOwnUuid() {
    try (MySqlProbe twin = new MySqlProbe(newReplica(51, true, world.source()))) {
      Request request = Request.auto("");
      Outcome expected = twin.ask(source("repl"), request, world.source());
      assertThat(expected.error()).contains("equal MySQL server UUIDs");
      assertThat(twin.ask(relay("repl"), request, world.source())).isEqualTo(expected);
    }
  }

  @Test
  void shouldEndTheOlderOfTwoReplicasWithOneUuid() {
    assumeTrue(world.isNew(), "a source that says why; of 5.6 both replicas come again and again");
    try (MySqlProbe twin = new MySqlProbe(newReplica(52, true, replica.server()))) {
      List<Outcome> ends = new ArrayList<>();
      for (Replication.Source source : List.of(source("repl"), relay("repl"))) {
        twin.reset();
        replica.pointTo(source, Request.at("m-bin.000003", 4));
        replica.awaitReceived(world.source());
        twin.pointTo(source, Request.at("m-bin.000003", 4));
        ends.add(replica.awaitRunning(source, "No"));
        twin.awaitRunning(source, "Yes");
      }
      assertThat(ends.get(0).errno()).isEqualTo(fatalErrno());
      assertThat(ends.get(0).error()).contains("with the same server_uuid");
      assertThat(ends.get(1)).isEqualTo(ends.get(0));
    }
  }

  @Test
  void shouldEndTheOlderOfTwoStreamsWithOneUuid() {
    List<String> ends = new ArrayList<>();
    for (Replication.Source source : List.of(source("repl"), relay("repl"))) {
      try (ScriptedReplica older = stream(source, 61);
          ScriptedReplica newer = stream(source, 62)) {
        ends.add(end(older));
        assertThat(newer.ended()).isFalse();
      }
    }
    assertThat(ends.get(1)).isEqualTo(ends.get(0));
  }

  /** A client with a UUID that has received the first events of a file. */
  private static ScriptedReplica stream(Replication.Source source, int id) {
    ScriptedReplica client = client(source, id);
    client.dump("m-bin.000008", 4, 0);
    client.awaitEvent("the first transaction", event -> event.type() == 16);
    return client;
  }

  private static ScriptedReplica client(Replication.Source source, int id) {
    ScriptedReplica client =
        ScriptedReplica.connect(source.host(), source.port(), source.user(), source.password(), id);
    client.query("SET @master_binlog_checksum = 'CRC32', @slave_uuid = '" + OTHER + "'");
    return client;
  }

  private static String end(ScriptedReplica client) {
    client.client().timeout(Duration.ofSeconds(60));
    try {
      client.readToEnd();
    } catch (RuntimeException e) {
      return e.getClass().getSimpleName();
    }
    return client.error() == null ? "EOF" : client.error().code() + " " + client.error().text();
  }

  /** A replica that has the UUID of another server. */
  private MySqlServer newReplica(int id, boolean gtid, MySqlServer model) {
    MySqlServer server = world.server(id, gtid).start();
    server.stop();
    try {
      Files.writeString(
          server.dataDir().resolve("auto.cnf"), "[auto]\nserver-uuid=" + model.serverUuid() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return server.start();
  }

  @Test
  void shouldRefuseReplicasOfAnotherGtidMode() {
    for (Request request : List.of(Request.auto(""), Request.at("m-bin.000001", 4))) {
      Outcome expected = replica.ask(world.toPlain(), request, world.plain());
      assertThat(expected.error()).contains("GTID_MODE");
      assertThat(replica.ask(world.toPlainRelay(), request, world.plain())).isEqualTo(expected);
    }
    try (MySqlProbe plain = new MySqlProbe(world.server(53, false).start())) {
      Request old = Request.at("m-bin.000003", 4);
      Outcome expected = plain.ask(source("repl"), old, world.source());
      assertThat(expected.error()).contains("GTID_MODE");
      assertThat(plain.ask(relay("repl"), old, world.source())).isEqualTo(expected);

      Request same = Request.at("m-bin.000001", 4);
      Outcome served = plain.ask(world.toPlain(), same, world.plain());
      assertThat(served.events()).isNotEmpty();
      assertThat(served.failed()).isFalse();
      assertThat(plain.ask(world.toPlainRelay(), same, world.plain())).isEqualTo(served);
    }
  }

  @Test
  void shouldServeReplicasInTheMiddleOfAChangeOfGtidMode() {
    assumeTrue(world.isNew(), "a GTID mode that can change without a restart");
    String[] modes = {"ON_PERMISSIVE", "OFF_PERMISSIVE"};
    try {
      for (String mode : modes) {
        replica.reset();
        replica.server().execute("SET GLOBAL gtid_mode = " + mode);
        for (Request request : List.of(Request.at("m-bin.000001", 4), Request.auto(""))) {
          Outcome expected = replica.ask(world.toPlain(), request, world.plain());
          assertThat(expected.failed()).isEqualTo(request.executed() != null);
          assertThat(replica.ask(world.toPlainRelay(), request, world.plain()))
              .as(mode)
              .isEqualTo(expected);
        }
      }
    } finally {
      replica.reset();
      replica.server().execute("SET GLOBAL gtid_mode = ON_PERMISSIVE", "SET GLOBAL gtid_mode = ON");
    }
  }

  @Test
  void shouldServeReplicasThatWantSemiSync() {
    assumeTrue(world.isNew(), "plugins for semi-synchronous replication");
    replica
        .server()
        .execute(
            "INSTALL PLUGIN rpl_semi_sync_replica SONAME 'semisync_replica.so'",
            "SET GLOBAL rpl_semi_sync_replica_enabled = ON");
    try {
      Request request = Request.auto(world.gtids("middle"));
      Outcome expected = replica.ask(source("repl"), request, world.source());
      assertThat(expected.failed()).isFalse();
      assertThat(replica.ask(relay("repl"), request, world.source())).isEqualTo(expected);
    } finally {
      replica.reset();
      replica.server().execute("UNINSTALL PLUGIN rpl_semi_sync_replica");
    }
  }

  @Test
  void shouldAnswerAnyDumpRequest() {
    long seed = RandomStops.seed();
    List<String> expected = HostileDumps.send(source("repl"), seed);
    assertThat(HostileDumps.send(relay("repl"), seed)).as("seed %d", seed).isEqualTo(expected);
  }

  /** What no replica asks, for it corrects it before. */
  @Test
  void shouldRefusePositionsInTheMagicNumber() {
    for (long position : new long[] {0, 1, 3}) {
      String expected = refusal(world.toSource("repl", "replpw"), "m-bin.000003", position);
      assertThat(expected).contains("position < 4");
      assertThat(refusal(world.toRelay("repl", "replpw"), "m-bin.000003", position))
          .isEqualTo(expected);
    }
  }

  private static String refusal(Replication.Source source, String file, long position) {
    try (ScriptedReplica client = client(source, 77)) {
      return client.dump(file, position, 0).expectError(1236).text();
    }
  }

  @Test
  @Order(LAST - 1)
  void shouldLetReplicasComeBack() {
    Request request = Request.auto(world.gtids("middle"));
    List<Outcome> lost = new ArrayList<>();
    for (Replication.Source source : List.of(source("repl"), relay("repl"))) {
      replica.pointTo(source, request);
      // A 5.6 whose source is shut down while it asks for variables may stop for good: the source
      // answers with an error that is none of the network.
      replica.awaitReceived(world.source());
      if (lost.isEmpty()) {
        world.source().stop();
        lost.add(replica.awaitRunning(source, "Connecting"));
        world.source().start();
      } else {
        world.sluice().stop();
        lost.add(replica.awaitRunning(source, "Connecting"));
        world.sluice().start();
      }
      replica.awaitRunning(source, "Yes");
      world.source().execute("INSERT INTO e.t (v) VALUES ('afterwards')");
      replica.awaitReceived(world.source());
    }
    assertThat(lost.get(0).error()).contains("reconnecting to");
    assertThat(lost.get(1).errno()).isEqualTo(lost.get(0).errno());
    assertThat(lost.get(1).error()).isEqualTo(lost.get(0).error());
  }

  @Test
  @Order(LAST)
  void shouldSayWhereAFileIsDamaged() {
    long fifth = event(world, "m-bin.000005", 4);
    world.copies().damage("m-bin.000005", file -> overwrite(file, fifth + 9, 1));
    long sixth = event(world, "m-bin.000006", 5);
    world.copies().damage("m-bin.000006", file -> file.setLength(sixth + 30));
    long seventh = event(world, "m-bin.000007", 4);
    world.copies().damage("m-bin.000007", file -> overwrite(file, seventh + 30, 0x55));
    assertAll(
        Stream.of(
                Request.at("m-bin.000005", 4),
                Request.at("m-bin.000006", 4),
                Request.at("m-bin.000007", 4),
                Request.auto(world.gtids("middle")))
            .map(request -> () -> assertSameFailure(request, "repl", "replpw", "")));
  }

  private static void overwrite(RandomAccessFile file, long position, int value)
      throws IOException {
    file.seek(position);
    file.write(new byte[] {(byte) value, (byte) value, (byte) value, (byte) value});
  }
}
