package io.sluice.binlog.store;

import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.disk.ForwardingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fails the n-th change of the disk, after doing half of it if it is a write. Forces nothing, but
 * knows what would be on the disk for sure. Sidecars, which are made on a thread of their own, are
 * neither counted nor lost.
 */
final class FaultyDisk extends ForwardingDisk {
  final AtomicInteger steps = new AtomicInteger();
  volatile int failAt = Integer.MAX_VALUE;
  volatile boolean sticky;
  volatile String message = "Input/output error";
  private final Map<Path, Long> durable = new ConcurrentHashMap<>();
  private final Map<Path, Boolean> entries = new ConcurrentHashMap<>();

  boolean fails() {
    int step = steps.incrementAndGet();
    return step == failAt || (sticky && step > failAt);
  }

  void step() throws IOException {
    if (fails()) {
      throw new IOException(message);
    }
  }

  /**
   * Takes away what was written and not forced since this disk was made: the worst that a power
   * loss does. Only after the store is closed.
   */
  void losePower() throws IOException {
    for (Map.Entry<Path, Long> file : durable.entrySet()) {
      Path path = file.getKey();
      if (!Files.exists(path)) {
        continue;
      }
      if (!entries.getOrDefault(path, true)) {
        Files.delete(path);
        continue;
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        if (channel.size() > file.getValue()) {
          channel.truncate(file.getValue());
        }
      }
    }
  }

  private static boolean isSidecar(Path path) {
    return path.getFileName().toString().contains(".idx");
  }

  @Override
  public DiskFile open(Path path, Mode mode) throws IOException {
    if (mode == Mode.READ || isSidecar(path)) {
      return super.open(path, mode);
    }
    step();
    boolean created = !Files.exists(path);
    DiskFile file = super.open(path, mode);
    if (created) {
      entries.put(path, false);
      durable.put(path, 0L);
    } else {
      durable.putIfAbsent(path, file.size());
    }
    return new FaultyFile(path, file);
  }

  @Override
  public void delete(Path path) throws IOException {
    if (isSidecar(path)) {
      super.delete(path);
      return;
    }
    if (Files.exists(path)) {
      step();
    }
    super.delete(path);
    durable.remove(path);
  }

  @Override
  public void syncDirectory(Path path) throws IOException {
    step();
    entries.replaceAll((file, synced) -> synced || path.equals(file.getParent()));
  }

  private final class FaultyFile extends ForwardingFile {
    private final Path path;

    FaultyFile(Path path, DiskFile file) {
      super(file);
      this.path = path;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      if (fails()) {
        ByteBuffer half = source.duplicate();
        half.limit(half.position() + half.remaining() / 2);
        file.write(half, position);
        throw new IOException(message);
      }
      return file.write(source, position);
    }

    @Override
    public void truncate(long size) throws IOException {
      step();
      file.truncate(size);
      durable.computeIfPresent(path, (file, known) -> Math.min(known, size));
    }

    @Override
    public void force(boolean metadata) throws IOException {
      step();
      durable.put(path, file.size());
    }
  }
}
