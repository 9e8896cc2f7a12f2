package io.sluice.binlog.form;

import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Opens all records of a file from its beginning, and learns where they are, up to the first one
 * that is not what was written. Blocks.
 */
final class SealedScan {
  private final Path path;
  private final RecordMap map = new RecordMap();
  private final RecordCipher cipher;
  private final long size;
  private final RecordHead head = new RecordHead();
  private final RecordWalk pieces;
  private boolean ended;
  private String problem = "";
  private long torn;
  private ByteBuffer content = ByteBuffer.allocate(SealedWriter.RECORD);

  SealedScan(DiskFile file, Path path, SealedHeader header, SecureRandom random)
      throws IOException {
    this.path = path;
    this.cipher = new RecordCipher(header, random);
    this.size = file.size();
    this.pieces = new RecordWalk(file, path, map);
  }

  /** Does it. */
  SealedScan run() throws IOException {
    long at = SealedHeader.SIZE;
    while (at < size && problem.isEmpty()) {
      String wrong = next(at);
      if (wrong.isEmpty()) {
        at += head.total();
      } else {
        problem = wrong + " at " + at;
        torn = size - at;
      }
    }
    return this;
  }

  private String next(long at) throws IOException {
    if (ended) {
      return "bytes behind the end";
    }
    if (size - at < RecordHead.OVERHEAD) {
      return "a torn record";
    }
    ByteBuffer in = pieces.load(at, RecordHead.SIZE, size);
    if (!head.parse(in, (int) (at - pieces.start())) || head.type == RecordHead.BLOB) {
      return "not a record";
    }
    if (size - at < head.total()) {
      return "a torn record";
    }
    in = pieces.load(at, head.total(), size);
    if (content.capacity() < head.stored) {
      content = ByteBuffer.allocate(head.stored);
    }
    if (!cipher.open(in, (int) (at - pieces.start()), head, content.clear())) {
      return "a damaged record";
    }
    return apply();
  }

  private String apply() throws IOException {
    long end = map.plainEnd();
    switch (head.type) {
      case RecordHead.DATA -> {
        if (head.offset != end) {
          return "a record of position " + head.offset + " instead of " + end;
        }
        if (head.compressed()) {
          byte[] packed = new byte[head.stored];
          content.flip().get(packed);
          SealedReader.decompress(path, packed, head.plain);
        }
        map.data(head.plain, head.total());
      }
      case RecordHead.CUT -> {
        if (head.offset > end) {
          return "a cut at " + head.offset + " of " + end;
        }
        map.cut(head.offset, head.total());
      }
      default -> {
        if (head.offset != end) {
          return "an end at " + head.offset + " instead of " + end;
        }
        ended = true;
      }
    }
    return "";
  }

  /** What is there of the file, up to the end or the problem. */
  RecordMap map() {
    return map;
  }

  /** Tells whether the file was ended. */
  boolean ended() {
    return ended;
  }

  /** Bytes behind the last good record. */
  long torn() {
    return torn;
  }

  /** What stands behind the last good record, empty if nothing does. */
  String problem() {
    return problem;
  }
}
