package io.sluice.distribution;

import io.sluice.testkit.server.Replication;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import io.sluice.testkit.wire.WirePacket;
import io.sluice.testkit.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Sends COM_BINLOG_DUMP_GTID with bodies that are right but for a few bytes. */
final class HostileDumps {

  private static final int ATTEMPTS = 200;

  private HostileDumps() {}

  /**
   * The first answer to each request: an error's number, a stream, or the end of the connection.
   */
  static List<String> send(Replication.Source target, long seed) {
    Random random = new Random(seed);
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < ATTEMPTS; i++) {
      byte[] body = body(random);
      try (WireClient client =
          WireClient.connect(target.host(), target.port(), target.user(), target.password())) {
        client.query("SET @master_binlog_checksum = 'CRC32'");
        client.command(body);
        answers.add(answer(client));
      }
    }
    return answers;
  }

  private static String answer(WireClient client) {
    try {
      WirePacket packet = client.read();
      return packet.isError() ? "error " + WireError.parse(packet).code() : "stream";
    } catch (RuntimeException e) {
      return "closed";
    }
  }

  private static byte[] body(Random random) {
    byte[] name = "m-bin.000003".getBytes(StandardCharsets.US_ASCII);
    WireWriter out = new WireWriter().u1(0x1e).u2(random.nextInt(8)).u4(90 + random.nextInt(9));
    boolean named = random.nextInt(3) == 0;
    out.u4(named ? name.length : 0).bytes(named ? name : new byte[0]).u8(4);
    int intervals = random.nextInt(4);
    byte[] uuid = new byte[16];
    random.nextBytes(uuid);
    out.u4(8 + 16 + 8 + 16 * intervals).u8(1).bytes(uuid).u8(intervals);
    for (int i = 0; i < intervals; i++) {
      out.u8(10L * i + 1).u8(10L * i + 5);
    }
    byte[] body = out.toBytes();
    for (int change = random.nextInt(4); change > 0; change--) {
      int value = random.nextBoolean() ? 0xff : random.nextInt(256);
      body[1 + random.nextInt(body.length - 1)] = (byte) value;
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(body, 1 + random.nextInt(body.length)) : body;
  }
}
