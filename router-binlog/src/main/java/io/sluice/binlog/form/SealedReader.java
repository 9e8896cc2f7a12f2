package io.sluice.binlog.form;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reads a sealed file: every byte that it gives was authenticated before. The record that a read
 * ends in is kept for the next one. Any thread.
 */
final class SealedReader implements StoredBytes {
  private static final int IDLE_WORKERS = 2;

  private final DiskFile file;
  private final Path path;
  private final SealedHeader header;
  private final RecordMap map;
  private final SecureRandom random;
  private final ConcurrentLinkedDeque<Worker> idle = new ConcurrentLinkedDeque<>();
  private volatile @Nullable Opened kept;

  SealedReader(DiskFile file, Path path, SealedHeader header, RecordMap map, SecureRandom random) {
    this.file = file;
    this.path = path;
    this.header = header;
    this.map = map;
    this.random = random;
  }

  /** A record and its content. */
  private static final class Opened {
    final RecordWalk.Found where;
    final byte[] content;

    Opened(RecordWalk.Found where, byte[] content) {
      this.where = where;
      this.content = content;
    }

    boolean has(long position, RecordMap.Place place) {
      return place.leadsTo(where) && position >= where.position() && position < where.end();
    }
  }

  /** What one thread needs. */
  private final class Worker {
    final RecordWalk walk = new RecordWalk(file, path, map);
    final RecordCipher cipher = new RecordCipher(header, random);
  }

  @Override
  public long size() {
    return map.plainEnd();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    int total = 0;
    Worker polled = idle.poll();
    Worker worker = polled == null ? new Worker() : polled;
    worker.walk.forget();
    RecordWalk.Found before = null;
    while (target.hasRemaining()) {
      long at = position + total;
      RecordMap.Place place = map.find(at);
      if (place == null) {
        break;
      }
      int length = (int) Math.min(target.remaining(), place.plainLimit() - at);
      Opened known = kept;
      if (known != null && known.has(at, place)) {
        before = known.where;
        total += copy(known, at, length, target);
      } else {
        RecordWalk.Found found = worker.walk.find(at, place, start(at, place, before, known));
        before = found;
        if (at == found.position() && found.plain() <= length && !worker.walk.head().compressed()) {
          open(worker, found, target);
          total += found.plain();
        } else {
          Opened opened = new Opened(found, open(worker, found));
          kept = opened;
          total += copy(opened, at, length, target);
        }
      }
    }
    if (idle.size() < IDLE_WORKERS) {
      idle.push(worker);
    }
    return total;
  }

  /** From which record on to look: the one behind the last one, if that is nearer. */
  private static long start(
      long at, RecordMap.Place place, RecordWalk.@Nullable Found before, @Nullable Opened known) {
    RecordWalk.Found near = before == null && known != null ? known.where : before;
    if (near != null && place.leadsTo(near) && near.position() <= at) {
      return near.at();
    }
    return place.stored();
  }

  private static int copy(Opened opened, long at, int length, ByteBuffer target) {
    int from = (int) (at - opened.where.position());
    int part = Math.min(length, opened.content.length - from);
    target.put(opened.content, from, part);
    return part;
  }

  private byte[] open(Worker worker, RecordWalk.Found found) throws IOException {
    RecordHead head = worker.walk.head();
    ByteBuffer content = ByteBuffer.allocate(head.stored);
    open(worker, found, content);
    return head.compressed() ? decompress(path, content.array(), found.plain()) : content.array();
  }

  private void open(Worker worker, RecordWalk.Found found, ByteBuffer target) throws IOException {
    ByteBuffer in = worker.walk.load(found.at(), found.total(), found.place().storedLimit());
    int at = (int) (found.at() - worker.walk.start());
    int start = target.position();
    // The bytes that the record was found by may have been read again.
    if (!worker.walk.head().parse(in, at)
        || worker.walk.head().total() != found.total()
        || !worker.cipher.open(in, at, worker.walk.head(), target)) {
      target.position(start);
      throw new DamagedFileException(
          path, "the record at " + found.at() + ", position " + found.position());
    }
  }

  static byte[] decompress(Path path, byte[] content, int plain) throws DamagedFileException {
    try {
      byte[] clear = Zstd.decompress(content, plain);
      if (clear.length == plain) {
        return clear;
      }
    } catch (ZstdException e) {
      throw new DamagedFileException(path, "a record cannot be decompressed", e);
    }
    throw new DamagedFileException(path, "a record has another size when it is decompressed");
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
