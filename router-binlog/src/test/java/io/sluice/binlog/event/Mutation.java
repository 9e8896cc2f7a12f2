package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A change of a real log that keeps most of its shape.
 *
 * @param kind what is done
 * @param event to which event, modulo their number
 * @param offset where in it, modulo its size
 * @param value with what
 * @param sealed whether the checksum is made right again, so that nothing but the content is wrong
 */
public record Mutation(Kind kind, int event, int offset, int value, boolean sealed) {

  /** What is done to an event. */
  public enum Kind {
    BYTE,
    WORD,
    ONES,
    TYPE,
    LENGTH,
    FLAGS,
    SERVER,
    CUT,
    GROW,
    DUPLICATE,
    REMOVE,
    SWAP,
    RANDOM
  }

  /** Any change. */
  public static Arbitrary<Mutation> any() {
    return Combinators.combine(
            Arbitraries.of(Kind.values()),
            Arbitraries.integers().between(0, 60),
            Arbitraries.oneOf(
                Arbitraries.integers().between(0, 60), Arbitraries.integers().between(0, 100_000)),
            Arbitraries.oneOf(
                Arbitraries.integers(),
                Arbitraries.of(0, 1, 18, 19, 20, 0x7fffffff, 0x80000000, 0xffffffff, 1 << 30),
                Arbitraries.integers().between(0, 255)),
            Arbitraries.of(true, true, false))
        .as(Mutation::new);
  }

  /** Some changes of one log. */
  public static Arbitrary<List<Mutation>> some() {
    return any().list().ofMinSize(1).ofMaxSize(5);
  }

  /** Names of real files that are not large, of all versions. */
  public static Arbitrary<String> samples() {
    List<String> names = new ArrayList<>(Samples.files());
    names.addAll(Samples.mySqlFiles());
    names.removeIf(name -> name.contains("torn") || Samples.bytes(name).length > 60_000);
    return Arbitraries.of(names);
  }

  /** The events of a file. */
  public static List<byte[]> events(byte[] file) {
    List<byte[]> events = new ArrayList<>();
    ByteBuf buf = Unpooled.wrappedBuffer(file);
    int at = 4;
    while (at < file.length) {
      int length = EventHeader.requireLength(buf, at);
      events.add(Arrays.copyOfRange(file, at, at + length));
      at += length;
    }
    return events;
  }

  /** The events after all changes. */
  public static List<byte[]> apply(List<byte[]> original, List<Mutation> mutations) {
    List<byte[]> events = new ArrayList<>(original);
    for (Mutation mutation : mutations) {
      if (!events.isEmpty()) {
        mutation.change(events);
      }
    }
    return events;
  }

  /** A file of these events. */
  public static byte[] file(List<byte[]> events) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0xfe, 'b', 'i', 'n'});
    events.forEach(out::writeBytes);
    return out.toByteArray();
  }

  private void change(List<byte[]> events) {
    int at = event % events.size();
    byte[] old = events.get(at);
    switch (kind) {
      case DUPLICATE -> events.add(at, old);
      case REMOVE -> events.remove(at);
      case SWAP -> {
        int other = Math.floorMod(value, events.size());
        events.set(at, events.get(other));
        events.set(other, old);
      }
      default -> events.set(at, changed(old));
    }
  }

  private byte[] changed(byte[] old) {
    byte[] bytes = old.clone();
    int at = old.length == 0 ? 0 : offset % old.length;
    switch (kind) {
      case CUT -> bytes = Arrays.copyOf(old, at);
      case GROW -> bytes = Arrays.copyOf(old, old.length + offset % 300);
      case WORD -> put(bytes, at, value, 4);
      case ONES -> put(bytes, at, -1, 8);
      case TYPE -> put(bytes, EventHeader.TYPE_OFFSET, value, 1);
      case LENGTH -> put(bytes, EventHeader.LENGTH_OFFSET, value, 4);
      case FLAGS -> put(bytes, EventHeader.FLAGS_OFFSET, value, 2);
      case SERVER -> put(bytes, 5, value, 4);
      case RANDOM -> new java.util.Random(value).nextBytes(bytes);
      default -> put(bytes, at, value, 1);
    }
    return sealed ? seal(bytes) : bytes;
  }

  private static void put(byte[] bytes, int at, int value, int count) {
    for (int i = 0; i < count && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (i < 4 ? value >>> (8 * i) : value >> 31);
    }
  }

  /** Right length (unless that is what is wrong) and checksum. */
  private byte[] seal(byte[] bytes) {
    if (bytes.length < EventHeader.SIZE + EventChecksum.LENGTH) {
      return bytes;
    }
    if (kind != Kind.LENGTH) {
      put(bytes, EventHeader.LENGTH_OFFSET, bytes.length, 4);
    }
    EventChecksum.seal(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
    return bytes;
  }
}
