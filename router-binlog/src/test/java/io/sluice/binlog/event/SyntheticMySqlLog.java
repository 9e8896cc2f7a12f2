package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.MySqlTsid;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;

/**
 * Makes a MySQL 9.7 source's files with any content: right headers, positions, checksums, GTIDs.
 */
public final class SyntheticMySqlLog {
  private static final byte[] POST_HEADER =
      HexFormat.of()
          .parseHex(
              "000d0008000000000400040000006300041a08000000000000020000000a0a0a2a2a001234000a280000");

  private final MySqlGtidSet.Builder state = new MySqlGtidSet.Builder();
  private ByteBuf file = Unpooled.buffer();
  private int second;

  /** What was written before the first file. */
  public SyntheticMySqlLog after(MySqlGtidSet purged) {
    state.set(purged);
    return this;
  }

  /** Begins a file: magic, FORMAT_DESCRIPTION, PREVIOUS_GTIDS. */
  public SyntheticMySqlLog startFile(long created) {
    file = Unpooled.buffer(1024);
    file.writeBytes(new byte[] {(byte) 0xfe, 'b', 'i', 'n'});
    ByteBuf format = Unpooled.buffer();
    byte[] version = "9.7.4-2".getBytes(StandardCharsets.US_ASCII);
    format.writeShortLE(4).writeBytes(version).writeZero(50 - version.length);
    format.writeIntLE((int) created).writeByte(19).writeBytes(POST_HEADER).writeByte(1);
    event(15, 0, bytes(format));
    ByteBuf previous = Unpooled.buffer();
    state.snapshot().encode(previous, false);
    return event(35, 0x80, bytes(previous));
  }

  private static byte[] bytes(ByteBuf buf) {
    byte[] bytes = new byte[buf.readableBytes()];
    buf.readBytes(bytes);
    return bytes;
  }

  /** Adds an event with a checksum. */
  public SyntheticMySqlLog event(int type, int flags, byte... body) {
    int at = file.writerIndex();
    int length = 19 + body.length + 4;
    file.writeIntLE(1_700_000_000 + second++);
    file.writeByte(type).writeIntLE(1).writeIntLE(length);
    file.writeIntLE(at + length).writeShortLE(flags).writeBytes(body).writeIntLE(0);
    EventChecksum.seal(file, at, length);
    return this;
  }

  /** Adds a GTID event, tagged if there is a tag. */
  public SyntheticMySqlLog gtid(MySqlTsid tsid, long number) {
    state.add(tsid.high(), tsid.low(), tsid.tag(), number);
    return tsid.tag().isEmpty() ? plain(tsid, number) : tagged(tsid, number);
  }

  private SyntheticMySqlLog plain(MySqlTsid tsid, long number) {
    ByteBuf body = Unpooled.buffer();
    body.writeByte(1).writeLong(tsid.high()).writeLong(tsid.low()).writeLongLE(number);
    body.writeByte(2).writeLongLE(0).writeLongLE(1);
    return event(33, 0, bytes(body));
  }

  private SyntheticMySqlLog tagged(MySqlTsid tsid, long number) {
    ByteBuf uuid = Unpooled.buffer().writeLong(tsid.high()).writeLong(tsid.low());
    ByteBuf body = Unpooled.buffer();
    body.writeByte(1 << 1).writeByte(60 << 1).writeByte(9 << 1);
    body.writeByte(0).writeByte(1 << 1).writeByte(1 << 1);
    while (uuid.isReadable()) {
      int value = uuid.readUnsignedByte();
      if (value < 128) {
        body.writeByte(value << 1);
      } else {
        body.writeShortLE(value << 2 | 1);
      }
    }
    body.writeByte(2 << 1).writeIntLE((int) (number << 1 << 4) | 7);
    body.writeByte(3 << 1).writeByte(tsid.tag().length() << 1);
    body.writeBytes(tsid.tag().getBytes(StandardCharsets.US_ASCII));
    return event(42, 0, bytes(body));
  }

  /** Adds QUERY with this text. */
  public SyntheticMySqlLog query(String text) {
    ByteBuf body = Unpooled.buffer();
    body.writeIntLE(9).writeIntLE(0).writeByte(1).writeShortLE(0).writeShortLE(0);
    body.writeByte('d').writeByte(0).writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    return event(2, 0, bytes(body));
  }

  /** Adds a whole group of one of several kinds. */
  public SyntheticMySqlLog group(MySqlTsid tsid, long number, Random random) {
    gtid(tsid, number);
    byte[] rows = new byte[20 + random.nextInt(80)];
    random.nextBytes(rows);
    return switch (random.nextInt(5)) {
      case 0 -> query("CREATE TABLE d.t" + number + " (id INT)");
      case 1 -> event(40, 0, rows);
      case 2 -> query("BEGIN").query("COMMIT");
      case 3 ->
          query("XA START X'78',X'',1")
              .event(30, 0, rows)
              .query("XA END X'78',X'',1")
              .event(38, 0, new byte[14]);
      default -> query("BEGIN").event(30, 0, rows).event(16, 0, new byte[8]);
    };
  }

  /** Ends the file with ROTATE. */
  public SyntheticMySqlLog rotate(String next) {
    ByteBuf body = Unpooled.buffer().writeLongLE(4);
    body.writeBytes(next.getBytes(StandardCharsets.US_ASCII));
    return event(4, 0, bytes(body));
  }

  /** Ends the file with STOP. */
  public SyntheticMySqlLog stop() {
    return event(3, 0);
  }

  public byte[] bytes() {
    byte[] copy = new byte[file.writerIndex()];
    file.getBytes(0, copy);
    return copy;
  }

  public MySqlGtidSet state() {
    return state.snapshot();
  }
}
