package io.sluice.binlog.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The bytes of one file: what the operating system knows of it, what the disk has for sure, and the
 * changes in between. Guarded by the {@link SimulatedDisk}.
 */
final class SimulatedFile implements SimulatedNode {
  /** Disks write these whole or not at all. */
  static final int SECTOR = 512;

  /** A change that is not forced: bytes, or without bytes a new size. */
  private record Change(int position, byte[] bytes, int size) {}

  private byte[] bytes = new byte[0];
  private byte[] durable = new byte[0];
  private final List<Change> unforced = new ArrayList<>();

  private int lostForces;

  int size() {
    return bytes.length;
  }

  int read(ByteBuffer target, long position) {
    if (position >= bytes.length) {
      return target.hasRemaining() ? -1 : 0;
    }
    int length = (int) Math.min(target.remaining(), bytes.length - position);
    target.put(bytes, (int) position, length);
    return length;
  }

  void write(byte[] source, int position) {
    if (source.length == 0) {
      return;
    }
    unforced.add(new Change(position, source, 0));
    bytes = written(bytes, position, source);
  }

  private static byte[] written(byte[] to, int position, byte[] source) {
    byte[] next = Arrays.copyOf(to, Math.max(to.length, position + source.length));
    System.arraycopy(source, 0, next, position, source.length);
    return next;
  }

  void truncate(long size) {
    if (size < bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) size);
      unforced.add(new Change(0, new byte[0], (int) size));
    }
  }

  void force() {
    for (Change change : unforced) {
      durable =
          change.bytes().length == 0
              ? truncated(durable, change.size())
              : written(durable, change.position(), change.bytes());
    }
    unforced.clear();
  }

  /** A failed force: the system shows these bytes, but forgets that they were to be written. */
  void loseUnforced() {
    unforced.clear();
    lostForces++;
  }

  /** Forces that have failed: each who had the file open is told of it once. */
  int lostForces() {
    return lostForces;
  }

  /** Damage at rest: in the cache and on the disk. */
  void flip(int position, int bit) {
    bytes = bytes.clone();
    bytes[position] ^= (byte) (1 << bit);
    durable = bytes;
    unforced.clear();
  }

  /** The same file as another run finds it if nothing but the process ended. */
  SimulatedFile copy() {
    SimulatedFile copy = new SimulatedFile();
    copy.bytes = bytes;
    copy.durable = durable;
    copy.unforced.addAll(unforced);
    return copy;
  }

  /** The process ended inside the last write. */
  void shortenLast(Random random) {
    Change last = unforced.remove(unforced.size() - 1);
    byte[] part = Arrays.copyOf(last.bytes(), random.nextInt(last.bytes().length));
    byte[] before = durable;
    for (Change change : unforced) {
      before =
          change.bytes().length == 0
              ? truncated(before, change.size())
              : written(before, change.position(), change.bytes());
    }
    bytes = before;
    if (part.length > 0) {
      write(part, last.position());
    }
  }

  /** The same file after the power was lost. */
  SimulatedFile survivor(Survival survival, Random random) {
    SimulatedFile next = new SimulatedFile();
    byte[] left = durable;
    int keep = survival == Survival.BEGINNING ? random.nextInt(unforced.size() + 1) : 0;
    for (int i = 0; i < unforced.size(); i++) {
      Change change = unforced.get(i);
      boolean whole =
          survival == Survival.EVERYTHING || (survival == Survival.BEGINNING && i < keep);
      if (survival == Survival.NOTHING || (survival == Survival.BEGINNING && !whole)) {
        continue;
      }
      if (change.bytes().length == 0) {
        left = whole || random.nextBoolean() ? truncated(left, change.size()) : left;
      } else if (whole) {
        left = written(left, change.position(), change.bytes());
      } else {
        left = sectors(left, change, survival, random);
      }
    }
    next.bytes = left;
    next.durable = left;
    return next;
  }

  private static byte[] truncated(byte[] from, int size) {
    return size < from.length ? Arrays.copyOf(from, size) : from;
  }

  /** Each sector by itself is written or not; the size may grow all the same. */
  private static byte[] sectors(byte[] to, Change change, Survival survival, Random random) {
    byte[] left = to;
    int end = change.position() + change.bytes().length;
    for (int at = change.position(); at < end; ) {
      int next = Math.min(end, (at / SECTOR + 1) * SECTOR);
      byte[] part =
          Arrays.copyOfRange(change.bytes(), at - change.position(), next - change.position());
      if (random.nextInt(3) > 0) {
        left = written(left, at, part);
      } else if (survival == Survival.SIZE_WITHOUT_BYTES && left.length < next) {
        byte[] hole = new byte[next - left.length];
        if (random.nextBoolean()) {
          random.nextBytes(hole);
        }
        left = written(left, left.length, hole);
      }
      at = next;
    }
    return left;
  }
}
