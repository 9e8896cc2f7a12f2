package io.sluice.testkit.scripted;

import io.sluice.testkit.wire.WireReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * One binlog event as bytes, with its 19-byte header taken apart. Immutable. Whether the last four
 * bytes are a checksum depends on the format description before it, so the body is asked for with
 * that knowledge.
 */
public final class BinlogEvent {
  /** Bytes of the common header. */
  public static final int HEADER = 19;

  public static final int FLAG_IN_USE = 0x0001;
  public static final int FLAG_ARTIFICIAL = 0x0020;
  public static final int FLAG_IGNORABLE = 0x0080;

  private final byte[] bytes;
  private final long offset;

  private BinlogEvent(byte[] bytes, long offset) {
    this.bytes = bytes;
    this.offset = offset;
  }

  /** Takes whole event bytes; the length in the header must agree. */
  public static BinlogEvent of(byte[] bytes) {
    return at(bytes, -1);
  }

  static BinlogEvent at(byte[] bytes, long offset) {
    if (bytes.length < HEADER) {
      throw new IllegalArgumentException(
          "event length: " + bytes.length + " (expected: >= " + HEADER + ")");
    }
    BinlogEvent event = new BinlogEvent(bytes.clone(), offset);
    if (event.length() != bytes.length) {
      throw new IllegalArgumentException(
          "event length in header: " + event.length() + " (expected: " + bytes.length + ")");
    }
    return event;
  }

  public long timestamp() {
    return new WireReader(bytes, 0).u4();
  }

  public int type() {
    return bytes[4] & 0xFF;
  }

  public long serverId() {
    return new WireReader(bytes, 5).u4();
  }

  public long length() {
    return new WireReader(bytes, 9).u4();
  }

  /** The position of the next event as the header has it; 0 in artificial events, and others. */
  public long logPos() {
    return new WireReader(bytes, 13).u4();
  }

  public int flags() {
    return new WireReader(bytes, 17).u2();
  }

  /** Where it stands in the file it was read from; -1 if it was not read from a file. */
  public long offset() {
    return offset;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public boolean isArtificial() {
    return (flags() & FLAG_ARTIFICIAL) != 0;
  }

  /** Whether the master has it in its file: neither artificial nor a heartbeat. */
  public boolean isStored() {
    return !isArtificial() && type() != EventTypes.HEARTBEAT;
  }

  /** The bytes behind the header, without the checksum if there is one. */
  public byte[] body(boolean checksum) {
    return Arrays.copyOfRange(bytes, HEADER, bytes.length - (checksum ? 4 : 0));
  }

  /** Whether the last four bytes are the CRC32 of the rest (in-use flag taken as clear). */
  public boolean crcMatches() {
    byte[] copy = bytes.clone();
    if (type() == EventTypes.FORMAT_DESCRIPTION) {
      copy[17] &= (byte) ~FLAG_IN_USE;
    }
    CRC32 crc = new CRC32();
    crc.update(copy, 0, copy.length - 4);
    return crc.getValue() == new WireReader(copy, copy.length - 4).u4();
  }

  /** In a format description: whether the events after it carry CRC32. */
  public boolean announcesChecksums() {
    return type() == EventTypes.FORMAT_DESCRIPTION && bytes[bytes.length - 5] == 1;
  }

  /** In a rotate event: the name of the next file. */
  public String rotateFile(boolean checksum) {
    byte[] body = body(checksum);
    return new String(body, 8, body.length - 8, StandardCharsets.UTF_8);
  }

  /** In a rotate event: the position in the next file. */
  public long rotatePosition() {
    return new WireReader(bytes, HEADER).u8();
  }

  /** In a MariaDB GTID event: {@code domain-server-sequence}. */
  public String gtid() {
    WireReader reader = new WireReader(bytes, HEADER);
    long sequence = reader.u8();
    return reader.u4() + "-" + serverId() + "-" + sequence;
  }

  /** A copy with other flags and a new checksum, if it has one. */
  public BinlogEvent withFlags(int flags, boolean checksum) {
    byte[] copy = bytes.clone();
    copy[17] = (byte) flags;
    copy[18] = (byte) (flags >>> 8);
    if (checksum) {
      BinlogEvents.putCrc(copy);
    }
    return new BinlogEvent(copy, offset);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BinlogEvent event && Arrays.equals(bytes, event.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return EventTypes.name(type())
        + "[server_id="
        + serverId()
        + ", length="
        + bytes.length
        + ", log_pos="
        + logPos()
        + ", flags=0x"
        + Integer.toHexString(flags())
        + (offset >= 0 ? ", offset=" + offset : "")
        + "]";
  }
}
