package io.sluice.binlog.sql.show;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.sql.PresentedVersion;
import java.nio.charset.StandardCharsets;

/** Events of a file in words: those that its server's SHOW BINLOG EVENTS uses. Immutable. */
public final class EventText {
  private final ShowDialect dialect;
  private final FormatDescription format;

  private EventText(ShowDialect dialect, FormatDescription format) {
    this.dialect = dialect;
    this.format = format;
  }

  /** The words of the server that wrote a file. */
  public static EventText of(FormatDescription format) {
    return new EventText(ShowDialect.of(PresentedVersion.of(format.serverVersion())), format);
  }

  /** The name of a type. */
  public String label(EventType type) {
    return dialect.label(type);
  }

  /** Whether {@link #info} needs the whole event rather than its first kilobyte. */
  public boolean needsWhole(EventType type) {
    return dialect.needsWhole(type);
  }

  /**
   * What an event says.
   *
   * @param event the event at index 0, or its beginning
   * @param length bytes of the whole event
   */
  public String info(ByteBuf event, int length) {
    try {
      Object info = dialect.info(event, length, format);
      return info instanceof byte[] bytes
          ? new String(bytes, StandardCharsets.UTF_8)
          : String.valueOf(info);
    } catch (BinlogFormatException | IndexOutOfBoundsException e) {
      return "(cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Bytes at the end of each event that are its checksum. */
  public int checksumBytes() {
    return format.hasChecksums() ? EventChecksum.LENGTH : 0;
  }

  /**
   * The events of a packed transaction, one behind the other and without checksums.
   *
   * @param event the whole event
   * @throws BinlogFormatException if it cannot be unpacked, or is too large
   */
  public byte[] unpack(ByteBuf event, int length) {
    int end = length - checksumBytes();
    return TransactionPayload.decode(event, EventHeader.SIZE, end).unpack(event);
  }
}
