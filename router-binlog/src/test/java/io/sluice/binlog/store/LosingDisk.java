package io.sluice.binlog.store;

import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.disk.ForwardingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A disk whose forces take as long as a test likes, and that does what Linux does when one fails:
 * what was written since the last one is gone, and the next one is called a success. Only files of
 * the log are looked at.
 */
final class LosingDisk extends ForwardingDisk {
  /** Forces of log files that have begun. */
  final AtomicInteger forces = new AtomicInteger();

  /** Which one fails. */
  volatile int failAt = Integer.MAX_VALUE;

  /** Not null: each force takes a permit before it is over. */
  volatile Semaphore permits;

  private final Map<Path, Long> durable = new ConcurrentHashMap<>();

  @Override
  public DiskFile open(Path path, Mode mode) throws IOException {
    DiskFile file = super.open(path, mode);
    String name = path.getFileName().toString();
    if (mode == Mode.READ || !BinlogFileFormat.isValidName(name)) {
      return file;
    }
    durable.putIfAbsent(path, mode == Mode.WRITE ? file.size() : 0);
    return new LosingFile(path, file);
  }

  private final class LosingFile extends ForwardingFile {
    private final Path path;

    LosingFile(Path path, DiskFile file) {
      super(file);
      this.path = path;
    }

    @Override
    public void truncate(long size) throws IOException {
      super.truncate(size);
      durable.computeIfPresent(path, (file, known) -> Math.min(known, size));
    }

    @Override
    public void force(boolean metadata) throws IOException {
      int number = forces.incrementAndGet();
      long size = size();
      Semaphore wanted = permits;
      if (wanted != null) {
        wanted.acquireUninterruptibly();
      }
      if (number == failAt) {
        long from = durable.get(path);
        long end = size();
        if (end > from) {
          file.write(ByteBuffer.allocate((int) (end - from)), from);
        }
        throw new IOException("Input/output error");
      }
      durable.merge(path, size, Math::max);
    }
  }
}
