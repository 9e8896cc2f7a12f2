package io.sluice.binlog.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file of a {@link DryRunDisk}: what is left of the real one, and pieces that were written over
 * it. One thread.
 */
final class ChangedFile implements DiskFile {
  private final DryRunDisk disk;
  private final Path path;
  private final @Nullable Disk real;
  private final TreeMap<Long, byte[]> pieces = new TreeMap<>();
  private long realSize;
  private long size;

  /**
   * Begins with the real file.
   *
   * @param real where it is; null if there is none
   */
  ChangedFile(DryRunDisk disk, Path path, @Nullable Disk real) throws IOException {
    this.disk = disk;
    this.path = path;
    this.real = real;
    this.realSize = real == null ? 0 : real.size(path);
    this.size = realSize;
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    if (position >= size) {
      return -1;
    }
    int start = target.position();
    int length = (int) Math.min(target.remaining(), size - position);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    if (real != null && position < realSize) {
      ByteBuffer old = bytes.duplicate().limit((int) Math.min(length, realSize - position));
      try (DiskFile file = real.open(path, Disk.Mode.READ)) {
        file.readFully(old, position);
      }
    }
    for (Map.Entry<Long, byte[]> piece : pieces.entrySet()) {
      long from = Math.max(position, piece.getKey());
      long to = Math.min(position + length, piece.getKey() + piece.getValue().length);
      for (long at = from; at < to; at++) {
        bytes.put((int) (at - position), piece.getValue()[(int) (at - piece.getKey())]);
      }
    }
    target.put(bytes.clear());
    return target.position() - start;
  }

  @Override
  public int write(ByteBuffer source, long position) {
    byte[] piece = new byte[source.remaining()];
    source.get(piece);
    // Later pieces lie over earlier ones; two at one place are one.
    byte[] before = pieces.remove(position);
    if (before != null && before.length > piece.length) {
      System.arraycopy(piece, 0, before, 0, piece.length);
      pieces.put(position, before);
    } else {
      pieces.put(position, piece);
    }
    size = Math.max(size, position + piece.length);
    disk.note("write " + piece.length + " bytes at " + position + " of " + path);
    return piece.length;
  }

  @Override
  public void truncate(long wanted) {
    if (wanted >= size) {
      return;
    }
    disk.note("cut " + path + " from " + size + " to " + wanted + " bytes");
    size = wanted;
    realSize = Math.min(realSize, wanted);
    pieces.tailMap(wanted).clear();
    Map.Entry<Long, byte[]> last = pieces.lastEntry();
    if (last != null && last.getKey() + last.getValue().length > wanted) {
      pieces.put(
          last.getKey(), java.util.Arrays.copyOf(last.getValue(), (int) (wanted - last.getKey())));
    }
  }

  @Override
  public void force(boolean metadata) {
    // Nothing was changed.
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void close() {
    // Stays, as the disk does.
  }
}
