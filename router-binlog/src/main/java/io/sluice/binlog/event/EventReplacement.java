package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Turns an event that an old replica does not know into one of the same length that it knows, as a
 * master does: positions stay right, the checksum is made anew. All in place. Stateless.
 */
public final class EventReplacement {
  private static final int QUERY_FIXED = 13;
  private static final int TEXT_OFFSET = EventHeader.SIZE + QUERY_FIXED + 1;
  private static final int USER_VARIABLE_FIXED = EventHeader.SIZE + 4 + 1;
  private static final int GTID_BODY = 19;
  private static final int TIME_ZONE = 5;
  private static final byte[] BEGIN = ascii("BEGIN");
  private static final byte[] SPACES = ascii(" ".repeat(4096));
  private static final byte[] VARIABLE = ascii("!dummyvar");

  private EventReplacement() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Turns an event into a comment, or if it is too short for that into a variable that is NULL.
   *
   * @param length bytes of the event, checksum included
   * @return false if it is too short even for that; then nothing was changed
   */
  public static boolean dummy(ByteBuf event, int index, int length, boolean checksums) {
    int data = length - (checksums ? EventChecksum.LENGTH : 0);
    if (data <= USER_VARIABLE_FIXED) {
      return false;
    }
    if (data <= TEXT_OFFSET) {
      clearContext(event, index);
      dummyVariable(event, index, data - USER_VARIABLE_FIXED);
    } else {
      int text = dummyHead(event, index, data);
      spaces(event, index + text, data - text);
    }
    seal(event, index, length, checksums);
    return true;
  }

  private static void dummyVariable(ByteBuf event, int index, int nameLength) {
    int body = index + EventHeader.SIZE;
    event.setByte(index + EventHeader.TYPE_OFFSET, EventType.USER_VAR.code());
    event.setIntLE(body, nameLength);
    event.setBytes(body + 4, VARIABLE, 0, nameLength);
    event.setByte(body + 4 + nameLength, 1);
  }

  /**
   * The beginning of a comment that takes the place of an event of at least 34 bytes; what follows
   * up to the checksum are {@link #spaces}.
   *
   * @param data bytes of the event without its checksum
   * @return where the spaces begin, from the start of the event
   */
  public static int dummyHead(ByteBuf event, int index, long data) {
    byte[] comment =
        ascii(
            "# Dummy event replacing event type "
                + EventHeader.typeCode(event, index)
                + " that slave cannot handle.");
    clearContext(event, index);
    event.setByte(index + EventHeader.TYPE_OFFSET, EventType.QUERY.code());
    event.setZero(index + EventHeader.SIZE, QUERY_FIXED + 1);
    int length = (int) Math.min(comment.length, data - TEXT_OFFSET);
    event.setBytes(index + TEXT_OFFSET, comment, 0, length);
    return TEXT_OFFSET + length;
  }

  /** Fills the rest of a comment. */
  public static void spaces(ByteBuf event, int from, int length) {
    for (int done = 0; done < length; done += SPACES.length) {
      event.setBytes(from + done, SPACES, 0, Math.min(SPACES.length, length - done));
    }
  }

  /**
   * Turns the GTID of a transaction into BEGIN.
   *
   * @return false if its length is not that of a plain GTID (with or without commit id), as that of
   *     XA transactions; then nothing was changed
   */
  public static boolean begin(ByteBuf event, int index, int length, boolean checksums) {
    int body = length - EventHeader.SIZE - (checksums ? EventChecksum.LENGTH : 0);
    if (body != GTID_BODY && body != GTID_BODY + 2) {
      return false;
    }
    clearContext(event, index);
    event.setByte(index + EventHeader.TYPE_OFFSET, EventType.QUERY.code());
    int at = index + EventHeader.SIZE;
    event.setZero(at, body);
    if (body > GTID_BODY) {
      // An empty time zone takes up the two bytes.
      event.setShortLE(at + QUERY_FIXED - 2, 2);
      event.setByte(at + QUERY_FIXED, TIME_ZONE);
    }
    event.setBytes(at + body - BEGIN.length, BEGIN);
    seal(event, index, length, checksums);
    return true;
  }

  private static void clearContext(ByteBuf event, int index) {
    int flags = EventHeader.flags(event, index);
    event.setShortLE(
        index + EventHeader.FLAGS_OFFSET,
        (flags & ~EventHeader.FLAG_THREAD_SPECIFIC) | EventHeader.FLAG_SUPPRESS_USE);
  }

  private static void seal(ByteBuf event, int index, int length, boolean checksums) {
    if (checksums) {
      EventChecksum.seal(event, index, length);
    }
  }
}
