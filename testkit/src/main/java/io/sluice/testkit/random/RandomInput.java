package io.sluice.testkit.random;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random input for hostile tests. The seed is in the log and in each failure; {@code
 * -Dsluice.test.seed=N} repeats it.
 */
public final class RandomInput {
  private static final Logger LOGGER = LoggerFactory.getLogger(RandomInput.class);

  private RandomInput() {}

  /** Runs the body so many times, each with numbers of its own. */
  public static void run(int times, Consumer<Random> body) {
    long seed = Long.getLong("sluice.test.seed", System.nanoTime());
    LOGGER.atInfo().addKeyValue("seed", seed).log("random input: -Dsluice.test.seed");
    Random random = new Random(seed);
    for (int i = 0; i < times; i++) {
      try {
        body.accept(random);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + i + ": " + e, e);
      }
    }
  }

  /** Any bytes, of any length up to a limit. */
  public static byte[] bytes(Random random, int limit) {
    byte[] bytes = new byte[random.nextInt(limit)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** These bytes, with some of them changed, or cut, or with others behind. */
  public static byte[] mutated(Random random, ByteBuf valid) {
    byte[] bytes = new byte[valid.readableBytes()];
    valid.getBytes(valid.readerIndex(), bytes);
    for (int change = random.nextInt(4); change > 0 && bytes.length > 0; change--) {
      int value = random.nextInt(3) == 0 ? 0xff : random.nextInt(256);
      bytes[random.nextInt(bytes.length)] = (byte) value;
    }
    if (random.nextInt(4) == 0) {
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
    }
    return bytes;
  }
}
