package io.sluice.mysql.frontend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes hostile packets of good ones. The same random numbers make the same packets. */
final class Mutator {

  private static final int HEADER = 4;
  private static final int[] EDGES = {0, 1, 0x7f, 0x80, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff};

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  /** Leaves out, doubles, swaps and spoils some of these packets; at least one of all that. */
  List<byte[]> dialog(List<byte[]> packets) {
    List<byte[]> changed = new ArrayList<>(packets);
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times && !changed.isEmpty(); i++) {
      int at = random.nextInt(changed.size());
      int other = random.nextInt(changed.size());
      switch (random.nextInt(8)) {
        case 0 -> changed.remove(at);
        case 1 -> changed.add(at, changed.get(other));
        case 2 -> changed.set(at, changed.set(other, changed.get(at)));
        default -> changed.set(at, packet(changed.get(at)));
      }
    }
    return changed;
  }

  /** One packet with its header, spoilt. */
  byte[] packet(byte[] framed) {
    byte[] bytes = framed.clone();
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      bytes = once(bytes);
    }
    return bytes;
  }

  private byte[] once(byte[] bytes) {
    if (bytes.length <= HEADER) {
      return framed(0, noise(1 + random.nextInt(64)));
    }
    int sequence = bytes[3];
    byte[] payload = Arrays.copyOfRange(bytes, HEADER, bytes.length);
    int at = random.nextInt(payload.length);
    int end = at + random.nextInt(payload.length - at) + 1;
    return switch (random.nextInt(12)) {
      case 0 -> {
        bytes[HEADER + at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
      case 1 -> {
        bytes[HEADER + at] = (byte) EDGES[random.nextInt(EDGES.length)];
        yield bytes;
      }
      case 2 -> {
        int size = Math.min(1 << random.nextInt(4), payload.length - at);
        Arrays.fill(payload, at, at + size, (byte) EDGES[random.nextInt(EDGES.length)]);
        yield framed(sequence, payload);
      }
      case 3 -> framed(sequence, Arrays.copyOf(payload, at));
      case 4 -> Arrays.copyOf(bytes, HEADER + at);
      case 5 -> framed(sequence, joined(payload, noise(1 + random.nextInt(300))));
      case 6 -> joined(bytes, noise(1 + random.nextInt(300)));
      case 7 ->
          framed(
              sequence,
              joined(Arrays.copyOf(payload, at), Arrays.copyOfRange(payload, end, payload.length)));
      case 8 ->
          framed(
              sequence,
              joined(Arrays.copyOf(payload, end), Arrays.copyOfRange(payload, at, payload.length)));
      case 9 -> {
        bytes[random.nextInt(3)] = (byte) EDGES[random.nextInt(EDGES.length)];
        yield bytes;
      }
      case 10 -> {
        bytes[3] = (byte) random.nextInt(256);
        yield bytes;
      }
      default -> framed(sequence, noise(payload.length));
    };
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static byte[] framed(int sequence, byte[] payload) {
    byte[] header = {
      (byte) payload.length,
      (byte) (payload.length >>> 8),
      (byte) (payload.length >>> 16),
      (byte) sequence
    };
    return joined(header, payload);
  }
}
