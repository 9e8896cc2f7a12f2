package io.sluice.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WirePacket;
import io.sluice.testkit.wire.WireReader;
import io.sluice.testkit.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages whose length is that of one, two or three full packets, and a few bytes less or more, in
 * both directions. The server has the last word: it counts what came and makes what goes back.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PacketEdges {

  private static final int FULL = 0xFFFFFF;
  private static final int[] DISTANCES = {-10, -2, -1, 0, 1, 2, 10};

  /** Around 16 MiB itself, which is one more than a full packet. */
  private static final int[] MORE_DISTANCES = {-9, 3, 11};

  /** Some of them, for what is as long but not carried in another way. */
  private static final int[] SOME = {FULL - 1, FULL, FULL + 1, 2 * FULL, 3 * FULL};

  /** A prime length, so that a piece that is missing or doubled shows. */
  private static final String PATTERN =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ012345678";

  private static final byte[] BYTES =
      PATTERN.repeat(3 * FULL / PATTERN.length() + 2).getBytes(StandardCharsets.US_ASCII);

  private static final Way PLAIN = new Way(Through.By.CONNECTION, "");

  private static final int QUERY = 0x03;
  private static final int PREPARE = 0x16;
  private static final int EXECUTE = 0x17;
  private static final int LONG_DATA = 0x18;
  private static final int BLOB = 0xFC;
  private static final int LOCAL_FILE = 0xFB;
  private static final long LOCAL_FILES = 1L << 7;

  private final DatabaseServer server;

  @TempDir Path directory;

  PacketEdges(DatabaseServer server) {
    this.server = server;
    Through.accounts(server);
    server.execute(
        "CREATE DATABASE d", "CREATE TABLE d.t (a VARCHAR(2000)) ENGINE = MyISAM CHARSET = latin1");
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  private static List<Integer> sizes() {
    List<Integer> all = new ArrayList<>();
    for (int times = 1; times <= 3; times++) {
      for (int distance : DISTANCES) {
        all.add(times * FULL + distance);
      }
    }
    for (int distance : MORE_DISTANCES) {
      all.add(FULL + distance);
    }
    return all;
  }

  /**
   * How messages go through the proxy.
   *
   * @param by which router carries them; the read-write split's monitor is for MariaDB
   * @param server options of the proxy towards the server
   */
  record Way(Through.By by, String server) {}

  List<Way> ways() {
    Way packed = new Way(Through.By.CONNECTION, "compression = zlib");
    return server instanceof MariaDbServer
        ? List.of(PLAIN, packed, new Way(Through.By.READWRITE, ""))
        : List.of(PLAIN, packed, new Way(Through.By.CONNECTION, "compression = zstd"));
  }

  private static List<Integer> sizes(Way way) {
    return way.equals(PLAIN) ? sizes() : some(way);
  }

  private static List<Integer> some(Way way) {
    int[] some = way.server().isEmpty() ? SOME : new int[] {FULL - 1, FULL, FULL + 1};
    return Arrays.stream(some).boxed().toList();
  }

  private static long crc(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return crc.getValue();
  }

  private WireClient connect(Through proxy) {
    WireClient client = WireClient.open("127.0.0.1", proxy.port());
    client.timeout(Duration.ofSeconds(120));
    client.login("app", "apppw", "d", WireClient.DEFAULT_CAPABILITIES | LOCAL_FILES);
    return client;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void shouldCarryRequestsOfEverySize(Way way) {
    String begin = "SELECT CONCAT(CRC32('";
    String end = "'))";
    try (Through proxy = proxy(way);
        WireClient client = connect(proxy)) {
      for (int size : sizes(way)) {
        int length = size - 1 - begin.length() - end.length();
        byte[] request =
            new WireWriter()
                .u1(QUERY)
                .text(begin)
                .bytes(Arrays.copyOf(BYTES, length))
                .text(end)
                .toBytes();
        assertThat(request).hasSize(size);
        client.command(request);
        assertThat(client.readResult().value())
            .as("request of %d bytes", size)
            .isEqualTo(String.valueOf(crc(BYTES, 0, length)));
      }
      assertThat(client.query("SELECT 'in step'").value()).isEqualTo("in step");
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void shouldCarryRowsOfEverySize(Way way) {
    try (Through proxy = proxy(way);
        WireClient client = connect(proxy)) {
      for (int size : sizes(way)) {
        int prefix = size - 4 <= FULL ? 4 : 9;
        int length = size - prefix;
        client.sendQuery(
            "SELECT LEFT(REPEAT('"
                + PATTERN
                + "', "
                + (length / PATTERN.length() + 1)
                + "), "
                + length
                + ") UNION ALL SELECT 'next row'");
        assertThat(client.read().payload()).containsExactly(1);
        client.read();
        client.expectEof();
        byte[] row = client.read().payload();
        assertThat(row.length).isEqualTo(size);
        assertThat(crc(row, prefix, length))
            .as("row of %d bytes", size)
            .isEqualTo(crc(BYTES, 0, length));
        assertThat(client.read().reader().lenencText()).isEqualTo("next row");
        client.expectEof();
      }
      assertThat(client.query("SELECT 'in step'").value()).isEqualTo("in step");
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void shouldCarryLongDataOfEverySize(Way way) {
    try (Through proxy = proxy(way);
        WireClient client = connect(proxy)) {
      client.command(
          new WireWriter().u1(PREPARE).text("SELECT CONCAT(LENGTH(?), ' ', CRC32(?))").toBytes());
      long statement = client.expectOk().reader().skip(1).u4();
      for (int i = 0; i < 2; i++) {
        client.read();
      }
      client.expectEof();
      client.read();
      client.expectEof();
      for (int size : some(way)) {
        int length = size - 7;
        for (int parameter = 0; parameter < 2; parameter++) {
          client.command(
              new WireWriter()
                  .u1(LONG_DATA)
                  .u4(statement)
                  .u2(parameter)
                  .bytes(Arrays.copyOf(BYTES, length))
                  .toBytes());
        }
        client.command(
            new WireWriter()
                .u1(EXECUTE)
                .u4(statement)
                .u1(0)
                .u4(1)
                .u1(0)
                .u1(1)
                .u1(BLOB)
                .u1(0)
                .u1(BLOB)
                .u1(0)
                .toBytes());
        assertThat(binaryText(client))
            .as("long data of %d bytes", size)
            .isEqualTo(length + " " + crc(BYTES, 0, length));
      }
      assertThat(client.query("SELECT 'in step'").value()).isEqualTo("in step");
    }
  }

  private static String binaryText(WireClient client) {
    assertThat(client.read().payload()).containsExactly(1);
    client.read();
    client.expectEof();
    WireReader row = client.read().reader().skip(2);
    client.expectEof();
    return row.lenencText();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void shouldCarryFilesInPacketsOfEverySize(Way way) {
    int line = 1000;
    byte[] file = new byte[4 * FULL];
    for (int i = 0; i < file.length; i++) {
      file[i] = i % line == line - 1 ? (byte) '\n' : BYTES[i % BYTES.length];
    }
    try (Through proxy = proxy(way);
        WireClient client = connect(proxy)) {
      client.query("TRUNCATE d.t");
      client.sendQuery("LOAD DATA LOCAL INFILE 'x' INTO TABLE d.t CHARACTER SET latin1");
      WirePacket asked = client.read();
      assertThat(asked.header()).as(asked.toString()).isEqualTo(LOCAL_FILE);
      int sequence = asked.sequence() + 1;
      int offset = 0;
      for (int piece : new int[] {FULL, FULL - 1, 1, FULL + 1, 10}) {
        byte[] part = Arrays.copyOfRange(file, offset, offset + piece);
        sequence = client.channel().write(sequence, part);
        offset += piece;
      }
      client.write(sequence);
      client.expectOk();
      assertThat(client.query("SELECT COUNT(*), SUM(LENGTH(a)) FROM d.t").rows().get(0))
          .containsExactly(
              String.valueOf((offset + line - 1) / line), String.valueOf(offset - offset / line));
      client.query("TRUNCATE d.t");
    }
  }

  private Through proxy(Way way) {
    return new Through(directory, server, way.by(), way.server());
  }
}
