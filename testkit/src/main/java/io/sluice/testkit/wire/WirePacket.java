package io.sluice.testkit.wire;

import java.util.HexFormat;

/**
 * One packet, or a message joined from several: the sequence number of its last part, the bytes.
 */
public final class WirePacket {
  private final int sequence;
  private final byte[] payload;

  public WirePacket(int sequence, byte[] payload) {
    this.sequence = sequence;
    this.payload = payload.clone();
  }

  public int sequence() {
    return sequence;
  }

  public byte[] payload() {
    return payload.clone();
  }

  public int length() {
    return payload.length;
  }

  /** The first byte, or -1 for an empty packet. */
  public int header() {
    return payload.length == 0 ? -1 : payload[0] & 0xFF;
  }

  public boolean isOk() {
    return header() == 0x00;
  }

  public boolean isError() {
    return header() == 0xFF;
  }

  public boolean isEof() {
    return header() == 0xFE && payload.length < 9;
  }

  public WireReader reader() {
    return new WireReader(payload);
  }

  @Override
  public String toString() {
    byte[] start = payload.length <= 64 ? payload : java.util.Arrays.copyOf(payload, 64);
    return "packet "
        + sequence
        + ", "
        + payload.length
        + " bytes: "
        + HexFormat.of().formatHex(start);
  }
}
