package io.sluice.testkit.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Checks for Netty decoders that work on golden bytes. Each also checks that input buffers are
 * released, and that nothing stays in the channel. The decoder under test comes in a fresh {@link
 * EmbeddedChannel} from the supplier.
 */
public final class WireAssert {
  private WireAssert() {}

  /**
   * Decodes the bytes at once and again one byte per write ("drip"); both must give the same
   * descriptions. Returns them. Decoded messages are released after having been described.
   */
  public static List<String> assertDrip(
      Supplier<EmbeddedChannel> channels, byte[] bytes, Function<Object, String> describe) {
    List<String> atOnce = decode(channels.get(), bytes, bytes.length, describe);
    List<String> dripped = decode(channels.get(), bytes, 1, describe);
    if (!atOnce.equals(dripped)) {
      throw new AssertionError(
          "decoded byte by byte: " + dripped + " (expected, as decoded at once: " + atOnce + ")");
    }
    return atOnce;
  }

  /** Decodes the bytes in pieces of {@code step} bytes and describes what came out. */
  public static List<String> decode(
      EmbeddedChannel channel, byte[] bytes, int step, Function<Object, String> describe) {
    List<ByteBuf> inputs = new ArrayList<>();
    List<String> described = new ArrayList<>();
    for (int offset = 0; offset < bytes.length; offset += step) {
      ByteBuf input = copy(bytes, offset, Math.min(step, bytes.length - offset));
      inputs.add(input);
      channel.writeInbound(input);
      take(channel, described, describe);
    }
    channel.finish();
    take(channel, described, describe);
    assertReleased(inputs);
    assertEmpty(channel);
    return described;
  }

  private static void take(
      EmbeddedChannel channel, List<String> described, Function<Object, String> describe) {
    while (true) {
      Object message = channel.readInbound();
      if (message == null) {
        return;
      }
      described.add(describe.apply(message));
      ReferenceCountUtil.release(message);
    }
  }

  /** Each proper prefix of one message's bytes ("cut") must yield nothing and throw nothing. */
  public static void assertCut(Supplier<EmbeddedChannel> channels, byte[] bytes) {
    assertCut(channels, bytes, error -> false);
  }

  /** The same, where an exception that the predicate accepts is right as well. */
  public static void assertCut(
      Supplier<EmbeddedChannel> channels, byte[] bytes, Predicate<Throwable> accepted) {
    for (int length = 0; length < bytes.length; length++) {
      EmbeddedChannel channel = channels.get();
      ByteBuf input = copy(bytes, 0, length);
      try {
        channel.writeInbound(input);
        Object message = channel.readInbound();
        if (message != null) {
          throw new AssertionError(
              "the first " + length + " of " + bytes.length + " bytes yield " + message);
        }
        channel.finish();
      } catch (RuntimeException e) {
        if (!accepted.test(e) && (e.getCause() == null || !accepted.test(e.getCause()))) {
          throw new AssertionError(
              "the first " + length + " of " + bytes.length + " bytes throw", e);
        }
        channel.finishAndReleaseAll();
      }
      assertReleased(List.of(input));
    }
  }

  /** Every reference-counted thing must be released. */
  public static void assertReleased(Iterable<? extends ReferenceCounted> things) {
    int index = 0;
    for (ReferenceCounted thing : things) {
      if (thing.refCnt() != 0) {
        throw new AssertionError(
            "refCnt of input " + index + ": " + thing.refCnt() + " (expected: 0)");
      }
      index++;
    }
  }

  /** Nothing must be left in either direction. */
  public static void assertEmpty(EmbeddedChannel channel) {
    if (!channel.inboundMessages().isEmpty() || !channel.outboundMessages().isEmpty()) {
      throw new AssertionError(
          "left in the channel: inbound "
              + channel.inboundMessages()
              + ", outbound "
              + channel.outboundMessages());
    }
  }

  /** All outbound buffers of the channel as one array; they are released. */
  public static byte[] outbound(EmbeddedChannel channel) {
    WireWriter bytes = new WireWriter();
    while (true) {
      Object message = channel.readOutbound();
      if (message == null) {
        return bytes.toBytes();
      }
      if (!(message instanceof ByteBuf buffer)) {
        throw new AssertionError("outbound: " + message + " (expected: a buffer)");
      }
      byte[] part = new byte[buffer.readableBytes()];
      buffer.readBytes(part);
      buffer.release();
      bytes.bytes(part);
    }
  }

  /** Fails with both hex texts when the bytes differ. */
  public static void assertBytes(byte[] actual, byte[] expected) {
    if (!java.util.Arrays.equals(actual, expected)) {
      throw new AssertionError(
          "bytes differ, actual:\n"
              + GoldenBytes.format(actual)
              + "expected:\n"
              + GoldenBytes.format(expected));
    }
  }

  private static ByteBuf copy(byte[] bytes, int offset, int length) {
    // An own buffer: a zero-length wrapped array would be the shared empty buffer.
    ByteBuf buffer = Unpooled.buffer(Math.max(1, length));
    return buffer.writeBytes(bytes, offset, length);
  }
}
