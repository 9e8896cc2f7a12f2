package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;

/**
 * HEARTBEAT (27) and HEARTBEAT_V2 (41): the master is alive and stands at a position. Above 4 GiB
 * MariaDB sends 0 in the header and the position in front of the name; MySQL's old one has only the
 * low 32 bits, its new one names its fields. Immutable.
 *
 * @param fileName the master's current file
 * @param position offset in it
 */
public record Heartbeat(String fileName, long position) {
  private static final int END = 0;
  private static final int FILE = 1;
  private static final int POSITION = 2;

  /** Decodes either event. */
  public static Heartbeat decode(ByteBuf buf, int index, int length, boolean checksums) {
    int end = EventBytes.bodyEnd(buf, index, length, checksums, 1);
    if (EventHeader.type(buf, index) == EventType.HEARTBEAT_V2) {
      return decodeFields(buf.slice(index + EventHeader.SIZE, end - index - EventHeader.SIZE));
    }
    int body = index + EventHeader.SIZE;
    long position = EventHeader.endPosition(buf, index);
    if (position == 0 && end - body > 8) {
      position = buf.getLongLE(body);
      body += 8;
    }
    return new Heartbeat(EventBytes.fileName(buf, body, end), position);
  }

  /** Each field is a type, a length and so many bytes; unknown ones are passed over. */
  private static Heartbeat decodeFields(ByteBuf in) {
    String file = "";
    long position = 0;
    try {
      while (in.isReadable()) {
        long type = WireReader.lenenc(in);
        if (type == END) {
          break;
        }
        ByteBuf value = in.readSlice(WireReader.length(in));
        if (type == FILE) {
          file = EventBytes.fileName(value, 0, value.writerIndex());
        } else if (type == POSITION) {
          position = WireReader.lenenc(value);
        }
      }
    } catch (ProtocolException | IndexOutOfBoundsException e) {
      throw new BinlogFormatException("HEARTBEAT_V2: malformed (expected: fields with lengths)");
    }
    return new Heartbeat(file, position);
  }
}
