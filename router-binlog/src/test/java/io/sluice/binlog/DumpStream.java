package io.sluice.binlog;

import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import io.sluice.testkit.wire.WirePacket;
import io.sluice.testkit.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** All packets of a dump that ends by itself, as text, so that two streams can be compared. */
final class DumpStream {
  private static final int SHOWN = 400;

  private DumpStream() {}

  /**
   * Runs statements, asks for a dump, reads to its end and to the end of the connection.
   *
   * @param command the payload of the dump command
   */
  static List<String> read(int port, List<String> statements, byte... command) {
    try (WireClient client =
        WireClient.connect("127.0.0.1", port, RelayHarness.USER, RelayHarness.PASSWORD)) {
      statements.forEach(client::query);
      client.command(command);
      List<String> packets = new ArrayList<>();
      while (true) {
        WirePacket packet = client.read();
        if (packet.isError()) {
          WireError error = WireError.parse(packet);
          packets.add("ERR " + error.code() + " " + error.sqlState() + " " + error.text());
          break;
        }
        packets.add(text(packet));
        if (packet.isEof()) {
          break;
        }
      }
      client.expectClosed();
      return packets;
    }
  }

  static String text(WirePacket packet) {
    byte[] payload = packet.payload();
    String shown =
        HexFormat.of().formatHex(payload, 0, Math.min(payload.length, SHOWN))
            + (payload.length > SHOWN ? "… " + Arrays.hashCode(payload) : "");
    return packet.sequence() + " " + payload.length + " " + shown;
  }

  static byte[] dump(String file, long position, int flags, long serverId) {
    return new WireWriter().u1(0x12).u4(position).u2(flags).u4(serverId).text(file).toBytes();
  }

  /** The packets of a stream that a session has written. */
  static List<String> parse(byte[] wire) {
    List<String> packets = new ArrayList<>();
    int at = 0;
    while (at < wire.length) {
      int length = (wire[at] & 0xff) | (wire[at + 1] & 0xff) << 8 | (wire[at + 2] & 0xff) << 16;
      WirePacket packet =
          new WirePacket(wire[at + 3] & 0xff, Arrays.copyOfRange(wire, at + 4, at + 4 + length));
      if (packet.isError()) {
        WireError error = WireError.parse(packet);
        packets.add("ERR " + error.code() + " " + error.sqlState() + " " + error.text());
      } else {
        packets.add(text(packet));
      }
      at += 4 + length;
    }
    return packets;
  }

  /** The payload of COM_BINLOG_DUMP_GTID. */
  static byte[] dumpGtid(String file, long position, int flags, long serverId, byte... set) {
    return new WireWriter()
        .u1(0x1e)
        .u2(flags)
        .u4(serverId)
        .u4(file.length())
        .text(file)
        .u8(position)
        .u4(set.length)
        .bytes(set)
        .toBytes();
  }
}
