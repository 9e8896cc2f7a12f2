package io.sluice.binlog.form;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The sealed form of a {@link GrowingFile}: what is appended becomes records, several to one write.
 * What a failed write left behind the last whole record is overwritten by the next one, under other
 * nonces.
 */
final class SealedWriter implements GrowingFile {
  /** Content of a record, at most: what is read for a single byte. */
  static final int RECORD = 64 << 10;

  private static final int RECORDS_PER_WRITE = 4;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final DiskFile file;
  private final Path path;
  private final RecordMap map;
  private final RecordCipher cipher;
  private final ByteBuf out;
  private final byte[] chain = new byte[RecordCipher.CHAIN];
  private final int[] lengths = new int[RECORDS_PER_WRITE];
  private boolean ended;

  /**
   * For a file that is open.
   *
   * @param recordBytes content of the largest record that will be written
   */
  SealedWriter(DiskFile file, Path path, RecordMap map, RecordCipher cipher, int recordBytes)
      throws IOException {
    this.file = file;
    this.path = path;
    this.map = map;
    this.cipher = cipher;
    readChain();
    int room = RECORDS_PER_WRITE * RECORD + RecordHead.OVERHEAD * RECORDS_PER_WRITE;
    int largest = Math.max(room, recordBytes + RecordHead.OVERHEAD);
    this.out = ByteBufAllocator.DEFAULT.directBuffer(largest, largest);
  }

  private void readChain() throws IOException {
    ByteBuffer end = ByteBuffer.wrap(chain);
    if (file.readFully(end, map.storedEnd() - chain.length) < chain.length) {
      throw new DamagedFileException(path, "it became shorter while it was open");
    }
  }

  @Override
  public long size() {
    return map.plainEnd();
  }

  @Override
  public void append(ByteBuffer source, long position) throws IOException {
    if (ended || position != map.plainEnd()) {
      throw new IOException(
          "file: " + path + ": position " + position + " (expected: " + map.plainEnd() + ")");
    }
    int limit = source.limit();
    long at = position;
    byte[] before = chain.clone();
    try {
      while (source.hasRemaining()) {
        ByteBuffer sealed = sealed();
        int records = 0;
        while (source.hasRemaining() && records < RECORDS_PER_WRITE) {
          source.limit(Math.min(limit, source.position() + RECORD));
          int length = source.remaining();
          cipher.seal(RecordHead.DATA, 0, at, length, source, chain, sealed);
          source.limit(limit);
          lengths[records++] = length;
          at += length;
        }
        file.writeFully(sealed.flip(), map.storedEnd());
        System.arraycopy(chain, 0, before, 0, chain.length);
        for (int i = 0; i < records; i++) {
          map.data(lengths[i], RecordHead.OVERHEAD + lengths[i]);
        }
      }
    } finally {
      System.arraycopy(before, 0, chain, 0, chain.length);
      source.limit(limit);
    }
  }

  private ByteBuffer sealed() {
    return out.nioBuffer(0, out.capacity()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Appends one record whose content was compressed. */
  void appendCompressed(ByteBuffer content, int plain) throws IOException {
    ByteBuffer sealed = sealed();
    int stored = content.remaining();
    cipher.seal(RecordHead.DATA, RecordHead.ZSTD, map.plainEnd(), plain, content, chain, sealed);
    file.writeFully(sealed.flip(), map.storedEnd());
    map.data(plain, RecordHead.OVERHEAD + stored);
  }

  /**
   * Cuts the file itself behind the record that has the last byte to be kept, and if that record
   * has more, says so in a CUT. An END that stood there is gone: the file grows again.
   */
  @Override
  public void truncate(long size) throws IOException {
    if (size < 0 || size > map.plainEnd()) {
      throw new IOException(
          "file: " + path + " has " + map.plainEnd() + " bytes (expected: " + size + ")");
    }
    if (size < map.plainEnd()) {
      RecordWalk.Found last = new RecordWalk(file, path, map).find(size - 1);
      if (last == null) {
        map.truncate(0, SealedHeader.SIZE);
      } else {
        map.truncate(last.end(), last.at() + last.total());
      }
    }
    if (file.size() > map.storedEnd()) {
      file.truncate(map.storedEnd());
    }
    readChain();
    ended = false;
    if (size < map.plainEnd()) {
      ByteBuffer sealed = sealed();
      cipher.seal(RecordHead.CUT, 0, size, 0, NOTHING.duplicate(), chain, sealed);
      int length = sealed.flip().remaining();
      file.writeFully(sealed, map.storedEnd());
      map.cut(size, length);
    }
  }

  @Override
  public void force(boolean metadata) throws IOException {
    file.force(metadata);
  }

  /** The flag would have to be changed in place. */
  @Override
  public boolean showsUse() {
    return false;
  }

  @Override
  public void markInUse(boolean inUse) {
    // Not shown.
  }

  /**
   * Appends an END with the places of all records. Nothing stays behind it: what a failed write
   * left there may be longer.
   */
  @Override
  public void end() throws IOException {
    ByteBuffer places = map.encode();
    ByteBuffer sealed =
        ByteBuffer.allocate(places.remaining() + RecordHead.OVERHEAD)
            .order(ByteOrder.LITTLE_ENDIAN);
    byte[] before = chain.clone();
    cipher.seal(RecordHead.END, 0, map.plainEnd(), places.remaining(), places, chain, sealed);
    System.arraycopy(before, 0, chain, 0, chain.length);
    long storedEnd = map.storedEnd() + sealed.flip().remaining();
    file.writeFully(sealed, map.storedEnd());
    if (file.size() > storedEnd) {
      file.truncate(storedEnd);
    }
    ended = true;
  }

  @Override
  public void close() throws IOException {
    if (out.refCnt() > 0) {
      out.release();
    }
    file.close();
  }
}
