package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.ServerInstallation;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that break the rules: the proper error or a closed connection, and nobody else notices.
 */
class BadInputIT {

  @TempDir static Path directory;
  private static Topology topology;
  private static MariaDbServer replica;

  @BeforeAll
  static void start() {
    topology = new Topology(ServerInstallation.embedded(), directory, false);
    replica = topology.newGtidReplica();
    topology.master().execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
    topology.assertEverythingEqual();
  }

  @AfterAll
  static void stop() {
    // The one replica has replicated through all of it, in one connection.
    topology.master().execute("INSERT INTO d.t VALUES (1)");
    topology.assertEverythingEqual();
    assertThat(Replication.status(replica)).containsEntry("Slave_IO_Running", "Yes");
    topology.sluice().assertNoLeak();
    assertThat(topology.sluice().output())
        .doesNotContain("internal_error")
        .contains("protocol_violation");
    topology.close();
  }

  @Test
  void shouldSurviveGarbageInsteadOfALogin() {
    Random random = new Random(42);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[random.nextInt(1, 2000)];
      random.nextBytes(garbage);
      try (WireClient client = WireClient.open("127.0.0.1", topology.relayPort())) {
        client.greeting();
        client.send(garbage);
      }
    }
    assertStillServing();
  }

  @Test
  void shouldCloseOnHalfAHandshake() {
    try (WireClient client = WireClient.open("127.0.0.1", topology.relayPort())) {
      client.greeting();
      client.send(new byte[] {(byte) 200, 0, 0, 1, 1, 2, 3});
    }
    assertStillServing();
  }

  @Test
  void shouldRefuseAMalformedLogin() {
    try (WireClient client = WireClient.open("127.0.0.1", topology.relayPort())) {
      client.greeting();
      client.write(1, new byte[] {1, 2, 3});
      client.expectError(1043);
      client.expectClosed();
    }
  }

  @Test
  void shouldRefuseAWrongPassword() {
    assertThatThrownBy(
            () ->
                WireClient.connect(
                    "127.0.0.1", topology.relayPort(), Topology.REPLICA_USER, "wrong"))
        .hasMessageContaining("ERR 1045 (28000): Access denied for user 'repl'@");
  }

  @Test
  void shouldRefuseAWrongSequence() {
    try (WireClient client = login()) {
      client.write(7, (byte) 0x0e);
      client.expectError(1156);
      client.expectClosed();
    }
  }

  @Test
  void shouldAnswerAnUnknownCommandAndGoOn() {
    try (WireClient client = login()) {
      client.command((byte) 0x77);
      client.expectError(1047);
      client.command((byte) 0x0e);
      client.expectOk();
    }
  }

  @Test
  void shouldAnswerWrongSqlAndGoOn() {
    try (WireClient client = login()) {
      client.sendQuery("SELEC 1");
      client.expectError(1064);
      client.sendQuery("SELECT @@no_such_variable");
      client.expectError(1193);
      client.command((byte) 0x0e);
      client.expectOk();
    }
  }

  @Test
  void shouldRefuseADumpOfAnUnknownFile() {
    try (WireClient client = login()) {
      client.query("SET @master_binlog_checksum= @@global.binlog_checksum");
      client.query("SET @mariadb_slave_capability=4");
      client.command(dump("nothing.000001", 4));
      WireError error = client.expectError(1236);
      assertThat(error.toString())
          .contains("Could not find first log file name in binary log index file");
      client.expectClosed();
    }
  }

  /** What no client of MariaDB sends. */
  @Test
  void shouldRefuseAnyDumpByGtidSet() {
    long seed = RandomStops.seed();
    assertThat(HostileDumps.send(topology.relay(), seed))
        .as("seed %d", seed)
        .allMatch(answer -> answer.startsWith("error ") || answer.equals("closed"));
    assertStillServing();
  }

  @Test
  void shouldNotAllocateForAPromisedLength() {
    for (int i = 0; i < 20; i++) {
      try (WireClient client = login()) {
        // A header that promises 16 MiB - 1 many times over, and then nothing.
        client.send((byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0, (byte) 3, (byte) 'x');
      }
    }
    assertStillServing();
  }

  private static void assertStillServing() {
    try (WireClient client = login()) {
      client.command((byte) 0x0e);
      client.expectOk();
    }
  }

  private static WireClient login() {
    return WireClient.connect(
        "127.0.0.1", topology.relayPort(), Topology.REPLICA_USER, Topology.REPLICA_PASSWORD);
  }

  private static byte[] dump(String file, int position) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x12);
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(position >>> shift);
    }
    out.write(0);
    out.write(0);
    out.writeBytes(new byte[] {99, 0, 0, 0});
    out.writeBytes(file.getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }
}
