package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.WholeFile;
import io.sluice.binlog.form.SealedBlob;
import io.sluice.binlog.form.StoredForm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Stands in the store's folder, in {@code NAME.archived}, for a file whose bytes are in the
 * archive, so that the log is known when the archive is not there. Immutable.
 *
 * <pre>
 * 8 bytes  magic "SLUICARC"           4 bytes  layout version, 1
 * 1 byte   form: 0 plain, 1 zstd, 2 sealed
 * 8 bytes  size of the file           8 bytes  its bytes on the disk
 * 4 bytes  n                          n bytes  what the file begins with: magic, FORMAT_DESCRIPTION
 *                                              and the GTID state, as far as it has them
 * 4 bytes  CRC-32 of all before
 * </pre>
 */
final class ArchiveStub {
  private static final String SUFFIX = ".archived";
  private static final String GONE = SUFFIX + ".gone";
  private static final String UNFINISHED = SUFFIX + ".new";
  private static final byte[] MAGIC = {'S', 'L', 'U', 'I', 'C', 'A', 'R', 'C'};
  private static final int VERSION = 1;
  private static final int FIXED = MAGIC.length + 4 + 1 + 8 + 8 + 4 + 4;

  /** Larger ones are not read. */
  private static final int LIMIT = BinlogFileFormat.MAX_START_STATE + (1 << 20);

  private final StoredForm form;
  private final long size;
  private final long diskSize;
  private final byte[] head;

  /**
   * Notes where a file is.
   *
   * @param form in which the file is in the archive
   * @param size bytes of the file of the log
   * @param diskSize bytes in the archive
   * @param head first bytes of the file of the log
   */
  ArchiveStub(StoredForm form, long size, long diskSize, byte[] head) {
    this.form = form;
    this.size = size;
    this.diskSize = diskSize;
    this.head = head.clone();
  }

  /** Bytes of the file of the log. */
  long size() {
    return size;
  }

  /** Its first events, with the magic. */
  byte[] head() {
    return head.clone();
  }

  /** Where the stub of a file is. */
  static Path path(Path home) {
    return home.resolveSibling(home.getFileName() + SUFFIX);
  }

  /** What is left of it when the file was purged, until it is gone from the archive too. */
  static Path gonePath(Path home) {
    return home.resolveSibling(home.getFileName() + GONE);
  }

  /** The file whose stub has this name; null if it is no stub. */
  static @Nullable String owner(String name) {
    return owner(name, SUFFIX);
  }

  /** The purged file of which something may be left in the archive, by a name; or null. */
  static @Nullable String ownerOfGone(String name) {
    return owner(name, GONE);
  }

  /** Tells whether a stub of this name was not finished. */
  static boolean isUnfinished(String name) {
    return owner(name, UNFINISHED) != null;
  }

  private static @Nullable String owner(String name, String suffix) {
    if (!name.endsWith(suffix)) {
      return null;
    }
    String owner = name.substring(0, name.length() - suffix.length());
    return BinlogFileFormat.isValidName(owner) ? owner : null;
  }

  FilePlace place() {
    return new FilePlace(form, true, diskSize);
  }

  /** Makes it durable beside a file's place. */
  void write(Disk disk, SealedBlob smallFiles, Path home) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(FIXED + head.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).putInt(VERSION).put((byte) form.code()).putLong(size).putLong(diskSize);
    out.putInt(head.length).put(head);
    out.putInt(crc(out.array(), out.position()));
    Path temporary = home.resolveSibling(home.getFileName() + UNFINISHED);
    byte[] stored = smallFiles.seal(path(home), out.array());
    WholeFile.replace(disk, path(home), temporary, stored, Disk.Mode.CREATE_NEW);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, 0, length);
    return (int) sum.getValue();
  }

  /**
   * Reads one.
   *
   * @throws IOException if it is not there or not whole
   */
  static ArchiveStub read(Disk disk, SealedBlob smallFiles, Path path) throws IOException {
    byte[] bytes = smallFiles.open(path, WholeFile.read(disk, path, LIMIT));
    int length = bytes.length - 4;
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < FIXED
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        || in.getInt(length) != crc(bytes, length)) {
      throw damaged(path, "its bytes");
    }
    int version = in.getInt(MAGIC.length);
    if (version != VERSION) {
      throw damaged(path, "layout version " + version);
    }
    StoredForm form = StoredForm.ofCode(in.get(MAGIC.length + 4));
    long size = in.getLong(MAGIC.length + 5);
    long diskSize = in.getLong(MAGIC.length + 13);
    int head = in.getInt(MAGIC.length + 21);
    if (form == null || head != bytes.length - FIXED || head > size) {
      throw damaged(path, "its fields");
    }
    return new ArchiveStub(
        form, size, diskSize, Arrays.copyOfRange(bytes, FIXED - 4, FIXED - 4 + head));
  }

  private static IOException damaged(Path path, String what) {
    return new IOException(
        "note of an archived file: " + path + ": " + what + " (expected: as it was written)");
  }
}
