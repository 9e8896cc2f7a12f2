package io.sluice.binlog.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fails the n-th change of the disk, after doing half of it if it is a write. Forces nothing, but
 * knows what would be on the disk for sure.
 */
final class FaultyDisk implements StoreFileSystem {
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

  @Override
  public FileChannel open(Path path, OpenOption... options) throws IOException {
    boolean writes = Arrays.asList(options).contains(StandardOpenOption.WRITE);
    if (!writes) {
      return FileChannel.open(path, options);
    }
    step();
    boolean created = !Files.exists(path);
    FileChannel channel = FileChannel.open(path, options);
    if (created) {
      entries.put(path, false);
      durable.put(path, 0L);
    } else {
      durable.putIfAbsent(path, channel.size());
    }
    return new FaultyChannel(path, channel, this);
  }

  @Override
  public void delete(Path path) throws IOException {
    step();
    StoreFileSystem.super.delete(path);
    durable.remove(path);
  }

  @Override
  public void syncDirectory(Path path) throws IOException {
    step();
    entries.replaceAll((file, synced) -> synced || path.equals(file.getParent()));
  }

  private static final class FaultyChannel extends FileChannel {
    private final Path path;
    private final FileChannel channel;
    private final FaultyDisk faults;

    FaultyChannel(Path path, FileChannel channel, FaultyDisk faults) {
      this.path = path;
      this.channel = channel;
      this.faults = faults;
    }

    @Override
    public int write(ByteBuffer src, long position) throws IOException {
      if (faults.fails()) {
        ByteBuffer half = src.duplicate();
        half.limit(half.position() + half.remaining() / 2);
        channel.write(half, position);
        throw new IOException(faults.message);
      }
      return channel.write(src, position);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      faults.step();
      channel.truncate(size);
      faults.durable.computeIfPresent(path, (file, known) -> Math.min(known, size));
      return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      faults.step();
      faults.durable.put(path, channel.size());
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      return channel.read(dst, position);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
      channel.close();
    }

    @Override
    public int read(ByteBuffer dst) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
      faults.step();
      return channel.write(src);
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long newPosition) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel src, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }
  }
}
