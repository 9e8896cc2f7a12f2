package io.sluice.benchmarks.micro;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32;

/** Says whether what is to be measured really happens. Stateless. */
public final class Checks {
  private Checks() {}

  /** Fails unless two numbers are the same. */
  public static void same(String what, long found, long expected) {
    if (found != expected) {
      throw new IllegalStateException(what + ": " + found + " (expected: " + expected + ")");
    }
  }

  /** Adds bytes to a sum. */
  public static void add(CRC32 sum, ByteBuf bytes, int index, int length) {
    if (length > 0) {
      sum.update(bytes.nioBuffer(index, length));
    }
  }

  /** The sum of some bytes. */
  public static long sum(ByteBuf bytes, int index, int length) {
    CRC32 sum = new CRC32();
    add(sum, bytes, index, length);
    return sum.getValue();
  }
}
