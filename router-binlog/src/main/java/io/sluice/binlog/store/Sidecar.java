package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerFamily;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a closed file beside it, in {@code NAME.idx}. Can be thrown away: it is made from
 * the file's bytes again. Immutable but for the index, which is complete. What was written by
 * another version is made again.
 *
 * <pre>
 * 8 bytes  magic "SLUICIDX"           4 bytes  layout version, 3
 * 1 byte   server family: 0 MariaDB, 1 MySQL
 * 8 bytes  size of the file          32 bytes  SHA-256 of the file
 * 4 bytes  CRC-32 of its first and last 4 KiB (what is looked at before the sidecar is believed)
 * state    at the start: 4 bytes length + 1, or 0 if the file does not tell; then its bytes, in the
 *          encoding of GTID_LIST (without the count) or PREVIOUS_GTIDS
 * state    at the end: 4 bytes length, bytes
 * 8 bytes  time of the first event   8 bytes  time of the last one that has a time (seconds)
 * 1 byte   0: not linked; 1: the link of the file before (32 bytes) and the file's own (32 bytes);
 *          2: only its own
 * 4 bytes  number of index entries; each: 8 bytes position, the state's changes since the one before
 * 4 bytes  CRC-32 of all before
 * </pre>
 *
 * All numbers are little-endian, as in the binlog.
 *
 * @param size bytes of the file
 * @param edges CRC-32 of its first and last 4 KiB
 * @param sha256 hash of the file as it is served, 64 hex digits
 * @param start GTID state in front of the first group, null if the file does not tell
 * @param end GTID state behind the last group
 * @param firstTime seconds since 1970 of the first event
 * @param lastTime the same of the last event that has a time
 * @param chain the link to the file before, null until that one has its own
 * @param index places where streams may begin
 */
public record Sidecar(
    long size,
    int edges,
    String sha256,
    @Nullable GtidState start,
    GtidState end,
    long firstTime,
    long lastTime,
    @Nullable SidecarChain chain,
    FileIndex index) {
  private static final String SUFFIX = ".idx";
  private static final String UNFINISHED = SUFFIX + ".new";

  /** So many bytes at each end of the file go into {@link #edges}. */
  static final int EDGE = 4 << 10;

  private static final byte[] MAGIC = {'S', 'L', 'U', 'I', 'C', 'I', 'D', 'X'};
  private static final int VERSION = 3;
  private static final int MARIADB = 0;
  private static final int MYSQL = 1;
  private static final int HASH = 32;
  private static final int UNLINKED = 0;
  private static final int LINKED = 1;
  private static final int LINKED_TO_PURGED = 2;
  private static final int FIXED = MAGIC.length + 4 + 1 + 8 + HASH + 4;

  /** Where the sidecar of a file is. */
  public static Path path(Path file) {
    return file.resolveSibling(file.getFileName() + SUFFIX);
  }

  /** Where it is while it is written. */
  static Path unfinishedPath(Path file) {
    return file.resolveSibling(file.getFileName() + UNFINISHED);
  }

  /** The name of the file that a sidecar belongs to, by the sidecar's name; null for any other. */
  static @Nullable String owner(String name) {
    return name.endsWith(SUFFIX) ? valid(name, SUFFIX) : null;
  }

  /** Tells whether a name is that of a sidecar which was not finished. */
  static boolean isUnfinished(String name) {
    return name.endsWith(UNFINISHED) && valid(name, UNFINISHED) != null;
  }

  private static @Nullable String valid(String name, String suffix) {
    String owner = name.substring(0, name.length() - suffix.length());
    return BinlogFileFormat.isValidName(owner) ? owner : null;
  }

  /** All bytes. */
  byte[] encode() {
    ByteBuf out = Unpooled.buffer();
    out.writeBytes(MAGIC)
        .writeIntLE(VERSION)
        .writeByte(end.family() == ServerFamily.MYSQL ? MYSQL : MARIADB);
    out.writeLongLE(size);
    out.writeBytes(HexFormat.of().parseHex(sha256)).writeIntLE(edges);
    GtidState known = start;
    if (known == null) {
      out.writeIntLE(0);
    } else {
      write(out, known, 1);
    }
    write(out, end, 0);
    out.writeLongLE(firstTime).writeLongLE(lastTime);
    writeChain(out);
    FileIndex.Step[] steps = index.steps();
    out.writeIntLE(steps.length);
    for (FileIndex.Step step : steps) {
      out.writeLongLE(step.position());
      write(out, step.changes(), 0);
    }
    byte[] bytes = new byte[out.readableBytes() + 4];
    int length = out.readableBytes();
    out.readBytes(bytes, 0, length);
    out.release();
    Unpooled.wrappedBuffer(bytes).setIntLE(length, crc(bytes, length));
    return bytes;
  }

  private void writeChain(ByteBuf out) {
    SidecarChain link = chain;
    String before = link == null ? null : link.before();
    out.writeByte(link == null ? UNLINKED : before == null ? LINKED_TO_PURGED : LINKED);
    if (before != null) {
      out.writeBytes(HexFormat.of().parseHex(before));
    }
    if (link != null) {
      out.writeBytes(HexFormat.of().parseHex(link.value()));
    }
  }

  private static @Nullable SidecarChain readChain(ByteBuf in) {
    int kind = in.readUnsignedByte();
    if (kind < UNLINKED || kind > LINKED_TO_PURGED) {
      throw new IllegalArgumentException("link: " + kind + " (expected: 0 to 2)");
    }
    if (kind == UNLINKED) {
      return null;
    }
    String before = kind == LINKED ? readHash(in) : null;
    return new SidecarChain(before, readHash(in));
  }

  private static String readHash(ByteBuf in) {
    byte[] hash = new byte[HASH];
    in.readBytes(hash);
    return HexFormat.of().formatHex(hash);
  }

  /** Tells whether another one says the same of a file, however it is linked. */
  public boolean agreesWith(Sidecar other) {
    return Arrays.equals(unlinked().encode(), other.unlinked().encode());
  }

  private Sidecar unlinked() {
    return new Sidecar(size, edges, sha256, start, end, firstTime, lastTime, null, index);
  }

  /** The same with what was read from both ends of the file. */
  Sidecar withEdges(int sum) {
    return new Sidecar(size, sum, sha256, start, end, firstTime, lastTime, chain, index);
  }

  /** The same with a link. */
  Sidecar linked(SidecarChain link) {
    return new Sidecar(size, edges, sha256, start, end, firstTime, lastTime, link, index);
  }

  private static void write(ByteBuf out, GtidState state, int more) {
    int at = out.writerIndex();
    out.writeIntLE(0);
    if (state instanceof MySqlGtidSet set) {
      set.encode(out, false);
    } else {
      ((MariaDbBinlogState) state).encode(out);
    }
    out.setIntLE(at, out.writerIndex() - at - 4 + more);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, 0, length);
    return (int) sum.getValue();
  }

  /** Reads it back; null for anything that is not exactly what {@link #encode} made. */
  static @Nullable Sidecar decode(byte[] bytes) {
    int length = bytes.length - 4;
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    if (length < FIXED
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        || in.getIntLE(MAGIC.length) != VERSION
        || in.getIntLE(length) != crc(bytes, length)) {
      return null;
    }
    in.setIndex(MAGIC.length + 4, length);
    int family = in.readUnsignedByte();
    if (family != MARIADB && family != MYSQL) {
      return null;
    }
    return decode(in, family == MYSQL ? ServerFamily.MYSQL : ServerFamily.MARIADB);
  }

  private static @Nullable Sidecar decode(ByteBuf in, ServerFamily family) {
    long size = in.readLongLE();
    String hash = readHash(in);
    int edges = in.readIntLE();
    try {
      int count = in.readIntLE();
      GtidState start = count == 0 ? null : read(in, family, count - 1);
      GtidState end = read(in, family, in.readIntLE());
      long firstTime = in.readLongLE();
      long lastTime = in.readLongLE();
      SidecarChain chain = readChain(in);
      FileIndex index = new FileIndex();
      long before = 0;
      for (int left = in.readIntLE(); left > 0; left--) {
        long position = in.readLongLE();
        if (position <= before || position > size) {
          return null;
        }
        before = position;
        index.restore(new FileIndex.Step(position, read(in, family, in.readIntLE())));
      }
      return in.isReadable()
          ? null
          : new Sidecar(size, edges, hash, start, end, firstTime, lastTime, chain, index);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | GtidFormatException e) {
      return null;
    }
  }

  private static GtidState read(ByteBuf in, ServerFamily family, int length) {
    ByteBuf bytes = in.readSlice(length);
    if (family == ServerFamily.MYSQL) {
      return MySqlGtidSet.decode(bytes, 0, length);
    }
    if (length % MariaDbBinlogState.ENTRY_SIZE != 0) {
      throw new IllegalArgumentException("state: " + length + " bytes (expected: whole entries)");
    }
    return MariaDbBinlogState.decode(bytes, 0, length / MariaDbBinlogState.ENTRY_SIZE);
  }
}
