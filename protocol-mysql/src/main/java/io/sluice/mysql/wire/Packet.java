package io.sluice.mysql.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/** One packet without its header. Who receives it releases it or passes it on, exactly once. */
public final class Packet extends DefaultByteBufHolder {

  private final int sequence;

  /**
   * A packet.
   *
   * @param sequence its number, 0 to 255
   * @param payload its bytes; owned by the packet
   */
  public Packet(int sequence, ByteBuf payload) {
    super(payload);
    this.sequence = sequence;
  }

  /** Its number, 0 to 255. */
  public int sequence() {
    return sequence;
  }

  /** Its bytes; owned by the packet. */
  public ByteBuf payload() {
    return content();
  }

  @Override
  public Packet replace(ByteBuf content) {
    return new Packet(sequence, content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Packet packet && packet.sequence == sequence && super.equals(other);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + sequence;
  }

  @Override
  public String toString() {
    return "Packet[sequence=" + sequence + ", length=" + content().readableBytes() + "]";
  }
}
