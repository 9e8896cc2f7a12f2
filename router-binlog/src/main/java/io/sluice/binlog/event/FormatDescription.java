package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.gtid.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * FORMAT_DESCRIPTION (15), the first event of each file: who wrote it and how its events are laid
 * out. Keeps the event's bytes with the in-use flag cleared, the way a master sends them.
 * Immutable.
 */
public final class FormatDescription {
  private static final int VERSION_LENGTH = 50;
  private static final int CREATED_OFFSET = EventHeader.SIZE + 2 + VERSION_LENGTH;
  private static final int FIXED = 2 + VERSION_LENGTH + 4 + 1;
  private static final int CHECKSUM_AREA = 1 + EventChecksum.LENGTH;

  private final byte[] event;
  private final String serverVersion;
  private final ChecksumAlgorithm checksum;
  private final int types;

  private FormatDescription(
      byte[] event, String serverVersion, ChecksumAlgorithm checksum, int types) {
    this.event = event;
    this.serverVersion = serverVersion;
    this.checksum = checksum;
    this.types = types;
  }

  /**
   * Decodes and copies an event of a file.
   *
   * @param length bytes of the event, header and checksum included
   * @throws BinlogFormatException if the bytes are no version 4 FORMAT_DESCRIPTION, or its checksum
   *     is wrong
   */
  public static FormatDescription decode(ByteBuf buf, int index, int length) {
    return decode(buf, index, length, false);
  }

  /**
   * Decodes and copies the event that a master sends first where a stream begins in the middle of a
   * file. Masters of both families clear its end position, and renew its checksum only if the file
   * has checksums: else the old one stays, and is not verified.
   *
   * @param length bytes of the event, header and checksum included
   * @throws BinlogFormatException as {@link #decode(ByteBuf, int, int)}
   */
  public static FormatDescription decodeMidFile(ByteBuf buf, int index, int length) {
    return decode(buf, index, length, EventHeader.endPosition(buf, index) == 0);
  }

  private static FormatDescription decode(ByteBuf buf, int index, int length, boolean changed) {
    if (length < EventHeader.SIZE + FIXED + CHECKSUM_AREA
        || index + length > buf.writerIndex()
        || length > 1024) {
      throw new BinlogFormatException(
          "FORMAT_DESCRIPTION length: " + length + " (expected: 81 to 1024)");
    }
    if (EventHeader.typeCode(buf, index) != EventType.FORMAT_DESCRIPTION.code()
        || EventHeader.length(buf, index) != length) {
      throw new BinlogFormatException(
          "event: " + EventHeader.decode(buf, index) + " (expected: FORMAT_DESCRIPTION)");
    }
    int body = index + EventHeader.SIZE;
    int version = buf.getUnsignedShortLE(body);
    int headerLength = buf.getUnsignedByte(body + FIXED - 1);
    if (version != 4 || headerLength != EventHeader.SIZE) {
      throw new BinlogFormatException(
          "binlog version: " + version + ", header length " + headerLength + " (expected: 4, 19)");
    }
    String server = text(buf, body + 2);
    int code = buf.getUnsignedByte(index + length - CHECKSUM_AREA);
    boolean stale = changed && code == ChecksumAlgorithm.NONE.code();
    if (!knowsChecksums(server) || !(stale || EventChecksum.verify(buf, index, length))) {
      throw new BinlogFormatException(
          "FORMAT_DESCRIPTION of server version: "
              + server
              + " (expected: MariaDB 5.3 or MySQL 5.6.1 at least, and a right checksum)");
    }
    ChecksumAlgorithm algorithm = ChecksumAlgorithm.of(code);
    byte[] copy = new byte[length];
    buf.getBytes(index, copy);
    copy[EventHeader.FLAGS_OFFSET] &= (byte) ~EventHeader.FLAG_IN_USE;
    return new FormatDescription(
        copy, server, algorithm, length - EventHeader.SIZE - FIXED - CHECKSUM_AREA);
  }

  private static String text(ByteBuf buf, int from) {
    int end = buf.indexOf(from, from + VERSION_LENGTH, (byte) 0);
    int length = end < 0 ? VERSION_LENGTH : end - from;
    return buf.toString(from, length, StandardCharsets.UTF_8);
  }

  /**
   * Checksums came with MySQL 5.6.1 and MariaDB 5.3.0. Older writers are refused: nothing would
   * tell their files from damaged ones.
   */
  private static boolean knowsChecksums(String version) {
    int since = ServerFamily.ofVersion(version) == ServerFamily.MARIADB ? 50300 : 50601;
    return ServerVersion.number(version) >= since;
  }

  /**
   * Tells whether the file's writer looks GTID positions up in an index (MariaDB 11.4): it begins a
   * stream behind the first events of a file even if nothing is skipped.
   */
  public boolean startsBehindHead() {
    return isMariaDb() && ServerVersion.number(serverVersion) >= 110400;
  }

  /** The version text of the server that wrote the file. */
  public String serverVersion() {
    return serverVersion;
  }

  /** The family of the server that wrote the file. */
  public ServerFamily family() {
    return ServerFamily.ofVersion(serverVersion);
  }

  /** Tells whether a MariaDB server wrote the file. */
  public boolean isMariaDb() {
    return family() == ServerFamily.MARIADB;
  }

  /**
   * The GTID state that an event at the head of a file tells: GTID_LIST or PREVIOUS_GTIDS, as the
   * file's family has it; null for any other event.
   *
   * @param length bytes of the event, all in the buffer
   */
  public @Nullable GtidState stateIn(ByteBuf buf, int index, int length) {
    EventType type = EventHeader.type(buf, index);
    if (type == EventType.MARIADB_GTID_LIST && isMariaDb()) {
      return GtidListEvent.decode(buf, index, length, hasChecksums()).state();
    }
    if (type == EventType.PREVIOUS_GTIDS && !isMariaDb()) {
      return PreviousGtids.decode(buf, index, length, hasChecksums()).set();
    }
    return null;
  }

  /** Seconds since 1970 of the server's start, 0 in files that do not follow a start. */
  public long created() {
    return EventBytes.unsignedInt(event, CREATED_OFFSET);
  }

  /** How the events of this file are protected. */
  public ChecksumAlgorithm checksum() {
    return checksum;
  }

  /** Tells whether each event of this file ends in a CRC-32. */
  public boolean hasChecksums() {
    return checksum == ChecksumAlgorithm.CRC32;
  }

  /** The server id in the event's header: that of the master which wrote the file. */
  public long serverId() {
    return EventBytes.unsignedInt(event, 5);
  }

  /** Bytes of the event. */
  public int length() {
    return event.length;
  }

  /**
   * Length of the fixed part of an event type's body.
   *
   * @return 0 for a type that the writer does not list
   */
  public int postHeaderLength(int typeCode) {
    return typeCode < 1 || typeCode > types
        ? 0
        : event[EventHeader.SIZE + FIXED + typeCode - 1] & 0xff;
  }

  /**
   * Copies the event as it is sent to a replica: not in use, with a fresh checksum. A MySQL source
   * makes one only if the file has checksums; else the old one stays, which nobody looks at.
   *
   * @param keepCreated false zeroes {@code created}, so that the replica keeps its temporary tables
   * @param keepPosition false zeroes the end position (a stream that starts in the middle of a
   *     file)
   * @return a buffer that the caller owns
   */
  public ByteBuf copy(ByteBufAllocator alloc, boolean keepCreated, boolean keepPosition) {
    ByteBuf out = alloc.buffer(event.length, event.length).writeBytes(event);
    if (!keepCreated) {
      out.setIntLE(CREATED_OFFSET, 0);
    }
    if (!keepPosition) {
      out.setIntLE(EventHeader.END_POSITION_OFFSET, 0);
    }
    if (hasChecksums() || isMariaDb()) {
      EventChecksum.seal(out, 0, event.length);
    }
    return out;
  }

  /**
   * Tells whether another copy describes the same file: equal but for in-use flag, {@code created},
   * end position and checksum, which a master changes when it sends the event.
   */
  public boolean describesSameFile(FormatDescription other) {
    return Arrays.equals(comparable(), other.comparable());
  }

  private byte[] comparable() {
    byte[] copy = event.clone();
    Arrays.fill(copy, EventHeader.END_POSITION_OFFSET, EventHeader.SIZE, (byte) 0);
    Arrays.fill(copy, CREATED_OFFSET, CREATED_OFFSET + 4, (byte) 0);
    Arrays.fill(copy, copy.length - EventChecksum.LENGTH, copy.length, (byte) 0);
    return copy;
  }

  @Override
  public String toString() {
    return "FormatDescription[" + serverVersion + ", " + checksum + ", created=" + created() + "]";
  }
}
