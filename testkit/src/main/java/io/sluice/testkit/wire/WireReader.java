package io.sluice.testkit.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the protocol's little-endian integers and strings from bytes. Reading past the end throws
 * {@link IndexOutOfBoundsException}. Not thread-safe.
 */
public final class WireReader {
  private final byte[] bytes;
  private int position;

  public WireReader(byte[] bytes) {
    this(bytes, 0);
  }

  public WireReader(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
  }

  public int position() {
    return position;
  }

  public int remaining() {
    return bytes.length - position;
  }

  public WireReader skip(int count) {
    if (count < 0 || count > remaining()) {
      throw new IndexOutOfBoundsException("skip: " + count + " (expected: <= " + remaining() + ")");
    }
    position += count;
    return this;
  }

  /** An unsigned integer of 1 to 8 bytes. */
  public long fixed(int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[position + i] & 0xFFL) << (8 * i);
    }
    position += size;
    return value;
  }

  public int u1() {
    return (int) fixed(1);
  }

  public int u2() {
    return (int) fixed(2);
  }

  public int u3() {
    return (int) fixed(3);
  }

  public long u4() {
    return fixed(4);
  }

  public long u8() {
    return fixed(8);
  }

  /** A length-encoded integer; NULL (0xFB) is -1. */
  public long lenenc() {
    int first = u1();
    return switch (first) {
      case 0xFB -> -1;
      case 0xFC -> fixed(2);
      case 0xFD -> fixed(3);
      case 0xFE -> fixed(8);
      default -> first;
    };
  }

  public byte[] bytes(int count) {
    if (count < 0 || count > remaining()) {
      throw new IndexOutOfBoundsException(
          "bytes: " + count + " (expected: <= " + remaining() + ")");
    }
    byte[] result = Arrays.copyOfRange(bytes, position, position + count);
    position += count;
    return result;
  }

  public byte[] rest() {
    return bytes(remaining());
  }

  public String restText() {
    return new String(rest(), StandardCharsets.UTF_8);
  }

  public String lenencText() {
    return new String(bytes(Math.toIntExact(lenenc())), StandardCharsets.UTF_8);
  }

  public String nulText() {
    int end = position;
    while (bytes[end] != 0) {
      end++;
    }
    String text = new String(bytes, position, end - position, StandardCharsets.UTF_8);
    position = end + 1;
    return text;
  }
}
