package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.distribution.ReplicaProbe.Outcome;
import io.sluice.distribution.ReplicaProbe.Request;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.ServerInstallation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
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
 * A real replica is pointed at a master in some state, then at the relay that holds the same: error
 * number, error text and the events received must be equal. A subclass names the servers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ErrorTable {

  private static final int LAST = Integer.MAX_VALUE;

  private ErrorWorld world;
  private ReplicaProbe replica;

  abstract ServerInstallation installation();

  @BeforeAll
  void startAll(@TempDir Path directory) {
    world = new ErrorWorld(installation(), directory);
    replica =
        new ReplicaProbe(MariaDbServer.builder().installation(installation()).serverId(50).start());
  }

  @AfterAll
  void stopAll() {
    replica.close();
    world.close();
  }

  /** A request, and what the master's answer must be for the row to be worth its name. */
  record Row(String name, String errno, String text, Function<ErrorWorld, Request> request) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row refused(String name, String text, Function<ErrorWorld, Request> request) {
    return new Row(name, "1236", text, request);
  }

  private static Row allowed(String name, Function<ErrorWorld, Request> request) {
    return new Row(name, "0", "", request);
  }

  static Stream<Row> rows() {
    return Stream.of(
        refused(
            "GTID not in the binlog",
            "which is not in the master's binlog",
            w -> Request.gtid(w.gtid("end", 0, "0-1-999999"))),
        refused(
            "GTID of an unknown server beyond the end",
            "which is not in the master's binlog",
            w -> Request.gtid(w.gtid("end", 0, "0-99-999999"))),
        refused(
            "diverged",
            "it probably means that the slave has diverged",
            w -> Request.gtid(w.gtid("end", 0, "0-99-5"))),
        refused(
            "nothing applied, oldest file purged",
            "Could not find GTID state requested by slave in any binlog files",
            w -> Request.gtid("")),
        refused(
            "purged GTID",
            "Could not find GTID state requested by slave in any binlog files",
            w -> Request.gtid(w.gtid("purged", 0, "0-1-1"))),
        refused(
            "a domain of the purged files is missing in the request",
            "Could not find GTID state requested by slave in any binlog files",
            w -> Request.gtid(w.gtid("end", 1, null))),
        refused(
            "GTID in a hole, strict",
            "is missing the GTID 2-1-7 requested by the slave",
            w -> Request.strictGtid(w.gtid("end", 2, "2-1-7"))),
        allowed("GTID in a hole, not strict", w -> Request.gtid(w.gtid("end", 2, "2-1-7"))),
        allowed("GTID purged, nothing after it", w -> Request.gtid(w.gtid("purged"))),
        allowed("first file after the purge", w -> Request.gtid(w.gtid("oldest"))),
        allowed("in the middle", w -> Request.gtid(w.gtid("middle"))),
        allowed("at the end", w -> Request.gtid(w.gtid("end"))),
        allowed("domain that the master lacks", w -> Request.gtid(w.gtid("middle", 9, "9-1-100"))),
        allowed("domain that the replica lacks", w -> Request.gtid(w.gtid("oldest", 2, null))),
        refused(
            "unknown file",
            "Could not find first log file name in binary log index file",
            w -> Request.at("m-bin.000099", 4)),
        refused(
            "purged file",
            "Could not find first log file name in binary log index file",
            w -> Request.at("m-bin.000001", 4)),
        refused(
            "file of another name",
            "Could not find first log file name in binary log index file",
            w -> Request.at("other-bin.000002", 4)),
        refused(
            "beyond the end of a closed file",
            "Client requested master to start replication from impossible position",
            w -> Request.at("m-bin.000002", 999_999)),
        refused(
            "beyond the end of the newest file",
            "Client requested master to start replication from impossible position",
            w -> Request.at("m-bin.000008", 999_999)),
        refused("inside the first event", "", w -> Request.at("m-bin.000002", 20)),
        refused("inside an event", "", w -> Request.at("m-bin.000003", insideAnEvent(w, 3))),
        refused("inside a later event", "", w -> Request.at("m-bin.000003", insideAnEvent(w, 6))),
        allowed("at a file's begin", w -> Request.at("m-bin.000002", 4)),
        allowed("at an event", w -> Request.at("m-bin.000003", event(w, 5))));
  }

  private static long event(ErrorWorld world, int index) {
    return event(world, "m-bin.000003", index);
  }

  /** The position of the n-th event of a file. */
  private static long event(ErrorWorld world, String file, int index) {
    return Long.parseLong(
        String.valueOf(
            world.master().queryRows("SHOW BINLOG EVENTS IN '" + file + "'").get(index).get(1)));
  }

  private static long insideAnEvent(ErrorWorld world, int index) {
    return event(world, index) + 7;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldAnswerAsAMaster(Row row) {
    Request request = row.request().apply(world);
    Outcome expected =
        replica.ask(world.source(ErrorWorld.USER, ErrorWorld.PASSWORD), request, world.master());
    assertThat(expected.errno()).as(expected.error()).isEqualTo(row.errno());
    assertThat(expected.error()).contains(row.text());
    Outcome actual =
        replica.ask(world.relay(ErrorWorld.USER, ErrorWorld.PASSWORD), request, world.master());
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void shouldRefuseLoginsAsAMaster() {
    Request request = Request.gtid(world.gtid("end"));
    for (String[] account :
        new String[][] {
          {ErrorWorld.USER, "wrong"}, {"nobody", "wrong"}, {ErrorWorld.USER, ""}, {"weak", "weakpw"}
        }) {
      assertSame(request, account[0], account[1], "");
    }
  }

  @Test
  void shouldRefuseAReplicaWithTheMastersOwnId() {
    replica.server().execute("SET GLOBAL server_id = 1");
    try {
      Outcome outcome =
          assertSame(
              Request.gtid(world.gtid("end")), ErrorWorld.USER, ErrorWorld.PASSWORD, "server ids");
      assertThat(outcome.errno()).isEqualTo("1593");
    } finally {
      replica.server().execute("SET GLOBAL server_id = 50");
    }
  }

  private Outcome assertSame(Request request, String user, String password, String text) {
    Outcome expected = replica.ask(world.source(user, password), request, world.master());
    assertThat(expected.failed()).isTrue();
    assertThat(expected.error()).contains(text);
    assertThat(replica.ask(world.relay(user, password), request, world.master()))
        .isEqualTo(expected);
    return expected;
  }

  @Test
  void shouldServeReplicasOfAPromotedMaster() {
    // What the promoted master got as a replica is not in its binlog, and yet a valid position.
    Request request = Request.gtid(world.gtid("end"));
    Outcome expected =
        replica.ask(
            new Replication.Source(
                "127.0.0.1", world.promoted().port(), ErrorWorld.USER, ErrorWorld.PASSWORD),
            request,
            world.promoted());
    assertThat(expected.error()).isEmpty();
    assertThat(expected.events()).isNotEmpty();
    assertThat(replica.ask(world.promotedRelay(), request, world.promoted())).isEqualTo(expected);
  }

  @Test
  void shouldRefuseReplicasThatAPromotedMasterDoesNotKnow() {
    for (String gtid :
        new String[] {
          world.gtid("middle"), world.gtid("end", 0, "0-1-999999"), world.gtid("end", 1, "1-1-1")
        }) {
      Outcome expected =
          replica.ask(
              new Replication.Source(
                  "127.0.0.1", world.promoted().port(), ErrorWorld.USER, ErrorWorld.PASSWORD),
              Request.gtid(gtid),
              world.promoted());
      assertThat(replica.ask(world.promotedRelay(), Request.gtid(gtid), world.promoted()))
          .as(gtid)
          .isEqualTo(expected);
    }
  }

  @Test
  @Order(LAST - 1)
  void shouldRefuseReplicasThatAreAheadOfALaggingRelay() {
    try (MariaDbServer intermediate = world.newIntermediate()) {
      intermediate.execute("STOP SLAVE");
      world.relaySql().execute("STOP SLAVE");
      long end = end(world.master());
      world.master().execute("INSERT INTO e.t (v) VALUES ('what the relay lacks')");
      Request ahead =
          Request.gtid(String.valueOf(world.master().queryString("SELECT @@gtid_binlog_pos")));
      Outcome expected =
          replica.ask(
              Replication.Source.of(intermediate, ErrorWorld.USER, ErrorWorld.PASSWORD),
              ahead,
              world.master());
      assertThat(expected.error()).contains("which is not in the master's binlog");
      Replication.Source relay = world.relay(ErrorWorld.USER, ErrorWorld.PASSWORD);
      assertThat(replica.ask(relay, ahead, world.master())).isEqualTo(expected);
      assertThat(replica.ask(relay, Request.at("m-bin.000008", end + 1), world.master()).error())
          .contains("Client requested master to start replication from impossible position");

      world.relaySql().execute("START SLAVE");
      Await.untilAsserted(
          "the relay no longer lags",
          Duration.ofSeconds(60),
          () -> assertThat(replica.ask(relay, ahead, world.master()).failed()).isFalse());
    }
  }

  private static long end(MariaDbServer server) {
    return Long.parseLong(String.valueOf(server.queryRow("SHOW MASTER STATUS").get(1)));
  }

  @Test
  void shouldEndTheOlderOfTwoReplicasWithOneId() {
    try (MariaDbServer twin =
        MariaDbServer.builder().installation(installation()).serverId(50).start()) {
      // A master has two texts for it, as it happens to notice; the number is one.
      for (Replication.Source source :
          List.of(
              world.source(ErrorWorld.USER, ErrorWorld.PASSWORD),
              world.relay(ErrorWorld.USER, ErrorWorld.PASSWORD))) {
        assertThat(replica.sameId(source, twin, "m-bin.000003"))
            .startsWith("Error reading packet from server: A slave with the same server_")
            .endsWith("(server_errno=4052)");
      }
    }
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
    for (String file : new String[] {"m-bin.000005", "m-bin.000006", "m-bin.000007"}) {
      assertSame(Request.at(file, 4), ErrorWorld.USER, ErrorWorld.PASSWORD, "");
    }
    assertSame(Request.gtid(world.gtid("middle")), ErrorWorld.USER, ErrorWorld.PASSWORD, "");
  }

  private static void overwrite(RandomAccessFile file, long position, int value)
      throws IOException {
    file.seek(position);
    file.write(new byte[] {(byte) value, (byte) value, (byte) value, (byte) value});
  }
}
