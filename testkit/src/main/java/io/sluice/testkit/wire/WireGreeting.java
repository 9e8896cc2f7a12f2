package io.sluice.testkit.wire;

import java.util.Arrays;

/** The server's handshake v10 packet. */
public final class WireGreeting {
  private final String version;
  private final long threadId;
  private final byte[] nonce;
  private final long capabilities;
  private final int collation;
  private final String plugin;

  private WireGreeting(
      String version,
      long threadId,
      byte[] nonce,
      long capabilities,
      int collation,
      String plugin) {
    this.version = version;
    this.threadId = threadId;
    this.nonce = nonce;
    this.capabilities = capabilities;
    this.collation = collation;
    this.plugin = plugin;
  }

  static WireGreeting parse(WirePacket packet) {
    if (packet.isError()) {
      throw WireError.parse(packet);
    }
    WireReader reader = packet.reader();
    int protocol = reader.u1();
    if (protocol != 10) {
      throw new AssertionError("protocol version: " + protocol + " (expected: 10)");
    }
    String version = reader.nulText();
    long threadId = reader.u4();
    byte[] first = reader.bytes(8);
    reader.skip(1);
    long capabilities = reader.u2();
    int collation = reader.u1();
    reader.skip(2);
    capabilities |= (long) reader.u2() << 16;
    int nonceLength = reader.u1();
    reader.skip(6);
    capabilities |= reader.u4() << 32;
    byte[] second = reader.bytes(Math.max(13, nonceLength - 8));
    String plugin = reader.remaining() > 0 ? reader.nulText() : "";
    byte[] nonce = Arrays.copyOf(first, 20);
    System.arraycopy(second, 0, nonce, 8, 12);
    return new WireGreeting(version, threadId, nonce, capabilities, collation, plugin);
  }

  public String version() {
    return version;
  }

  public long threadId() {
    return threadId;
  }

  /** The 20 bytes without the trailing zero. */
  public byte[] nonce() {
    return nonce.clone();
  }

  /** Bits 0 to 31, and MariaDB's extended ones from 32 on. */
  public long capabilities() {
    return capabilities;
  }

  public int collation() {
    return collation;
  }

  public String plugin() {
    return plugin;
  }
}
