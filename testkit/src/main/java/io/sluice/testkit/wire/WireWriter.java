package io.sluice.testkit.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Builds payloads from the protocol's integers and strings; chainable, not thread-safe. */
public final class WireWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The low {@code size} bytes of the value, little-endian. */
  public WireWriter fixed(int size, long value) {
    for (int i = 0; i < size; i++) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  public WireWriter u1(int value) {
    return fixed(1, value);
  }

  public WireWriter u2(int value) {
    return fixed(2, value);
  }

  public WireWriter u3(int value) {
    return fixed(3, value);
  }

  public WireWriter u4(long value) {
    return fixed(4, value);
  }

  public WireWriter u8(long value) {
    return fixed(8, value);
  }

  public WireWriter lenenc(long value) {
    if (value < 0xFB) {
      return fixed(1, value);
    }
    if (value <= 0xFFFF) {
      return fixed(1, 0xFC).fixed(2, value);
    }
    if (value <= 0xFFFFFF) {
      return fixed(1, 0xFD).fixed(3, value);
    }
    return fixed(1, 0xFE).fixed(8, value);
  }

  public WireWriter bytes(byte... value) {
    out.write(value, 0, value.length);
    return this;
  }

  public WireWriter zeros(int count) {
    return bytes(new byte[count]);
  }

  public WireWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public WireWriter nulText(String value) {
    return text(value).u1(0);
  }

  public WireWriter lenencText(String value) {
    return lenencBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public WireWriter lenencBytes(byte[] value) {
    return lenenc(value.length).bytes(value);
  }

  public int size() {
    return out.size();
  }

  public byte[] toBytes() {
    return out.toByteArray();
  }
}
