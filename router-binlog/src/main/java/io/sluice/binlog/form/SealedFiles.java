package io.sluice.binlog.form;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The sealed files of one store. It brings those who read a file together with the one who writes
 * it. Any thread; blocks.
 */
public final class SealedFiles {
  /** Ends the name of a sealed file. */
  public static final String SUFFIX = ".enc";

  private static final String PURPOSE = "sluice binlog";

  private final Disk disk;
  private final KeyRing keys;
  private final SecureRandom random = new SecureRandom();
  private final Map<ByteBuffer, WeakReference<RecordMap>> maps = new ConcurrentHashMap<>();

  /** The one that grows: nothing but memory knows where its good records end. */
  private final AtomicReference<RecordMap> newest = new AtomicReference<>();

  /** For one store. */
  public SealedFiles(Disk disk, KeyRing keys) {
    this.disk = disk;
    this.keys = keys;
  }

  /**
   * What is good of a file that was being written.
   *
   * @param size bytes of the master's
   * @param ended whether it was closed
   * @param torn bytes on the disk behind the last good record
   * @param problem what they are, empty if there are none
   */
  public record Recovered(long size, boolean ended, long torn, String problem) {}

  /**
   * Opens all records of a file, and remembers for those who read and write it what is good. Only
   * for a file that nobody has opened.
   *
   * @return no bytes at all of a file that was given up before its header was durable
   * @throws MissingKeyException if the key is not there
   * @throws DamagedFileException if it has no header
   */
  public Recovered recover(Path path) throws IOException {
    try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
      if (file.size() <= SealedHeader.SIZE) {
        return new Recovered(0, false, file.size(), "no header");
      }
      SealedHeader header = header(file, path);
      SealedScan scan = new SealedScan(file, path, header, random).run();
      maps.put(header.identity(), new WeakReference<>(scan.map()));
      newest.set(scan.map());
      return new Recovered(scan.map().plainEnd(), scan.ended(), scan.torn(), scan.problem());
    }
  }

  /**
   * Creates a file and writes its header.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is there
   * @throws MissingKeyException if the key is not there
   */
  public GrowingFile create(Path path, long keyId) throws IOException {
    RecordMap map = new RecordMap();
    newest.set(map);
    return create(path, keyId, map, SealedWriter.RECORD);
  }

  private SealedWriter create(Path path, long keyId, RecordMap map, int recordBytes)
      throws IOException {
    SealedHeader header = SealedHeader.create(keys, keyId, PURPOSE, random, path);
    DiskFile file = disk.open(path, Disk.Mode.CREATE_NEW);
    try {
      file.writeFully(ByteBuffer.wrap(header.bytes()), 0);
      // Whatever is found behind a header that is not whole was never written by us.
      file.force(true);
      maps.put(header.identity(), new WeakReference<>(map));
      return writer(file, path, header, map, recordBytes);
    } catch (IOException | RuntimeException e) {
      file.close();
      disk.delete(path);
      throw e;
    }
  }

  private SealedWriter writer(
      DiskFile file, Path path, SealedHeader header, RecordMap map, int recordBytes)
      throws IOException {
    return new SealedWriter(file, path, map, new RecordCipher(header, random), recordBytes);
  }

  /**
   * Opens a file in order to write on; {@link GrowingFile#truncate} says from where. What stands
   * behind its last good record goes at once, an END too.
   */
  public GrowingFile reopen(Path path) throws IOException {
    DiskFile file = disk.open(path, Disk.Mode.WRITE);
    try {
      SealedHeader header = header(file, path);
      RecordMap map = map(file, path, header);
      newest.set(map);
      if (file.size() > map.storedEnd()) {
        file.truncate(map.storedEnd());
      }
      return writer(file, path, header, map, SealedWriter.RECORD);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Opens a file to be read: a closed one, or one that is written through this object.
   *
   * @throws MissingKeyException if the key is not there
   * @throws DamagedFileException if it is not whole
   */
  public StoredBytes open(Path path) throws IOException {
    DiskFile file = disk.open(path, Disk.Mode.READ);
    try {
      SealedHeader header = header(file, path);
      return new SealedReader(file, path, header, map(file, path, header), random);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Opens what is good of a file, be it closed or not: for those who look at it from outside. */
  public StoredBytes openBeginning(Path path) throws IOException {
    DiskFile file = disk.open(path, Disk.Mode.READ);
    try {
      SealedHeader header = header(file, path);
      RecordMap map = new SealedScan(file, path, header, random).run().map();
      return new SealedReader(file, path, header, map, random);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Writes a whole file.
   *
   * @param level of zstd, 0 for no compression
   */
  public PackWriter pack(Path path, long keyId, int level) throws IOException {
    return new SealedPacker(create(path, keyId, new RecordMap(), SealedPacker.LARGEST), level);
  }

  /**
   * Bytes of the master's in a closed file, by what its END says without being opened: that needs
   * no key, and is checked when the file is read.
   *
   * @return negative if the file was not closed, or is damaged at its end
   */
  public long closedSize(Path path) throws IOException {
    try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
      RecordHead head = endHead(file);
      return head == null ? -1 : head.offset;
    }
  }

  /** Tells whether a file was written as a whole, compressed, by what its first record says. */
  public boolean isCompressed(Path path) throws IOException {
    try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
      ByteBuffer in = ByteBuffer.allocate(RecordHead.SIZE).order(ByteOrder.LITTLE_ENDIAN);
      RecordHead head = new RecordHead();
      return file.readFully(in, SealedHeader.SIZE) == RecordHead.SIZE
          && head.parse(in, 0)
          && head.compressed();
    }
  }

  private SealedHeader header(DiskFile file, Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SealedHeader.SIZE);
    int got = file.readFully(bytes, 0);
    return SealedHeader.open(keys, Arrays.copyOf(bytes.array(), got), PURPOSE, path);
  }

  private RecordMap map(DiskFile file, Path path, SealedHeader header) throws IOException {
    WeakReference<RecordMap> known = maps.get(header.identity());
    RecordMap map = known == null ? null : known.get();
    if (map != null) {
      return map;
    }
    RecordMap loaded = load(file, path, header);
    maps.values().removeIf(dead -> dead.get() == null);
    WeakReference<RecordMap> winner =
        maps.compute(
            header.identity(),
            (key, now) -> now == null || now.get() == null ? new WeakReference<>(loaded) : now);
    RecordMap other = winner.get();
    return other == null ? loaded : other;
  }

  private static @Nullable RecordHead endHead(DiskFile file) throws IOException {
    long size = file.size();
    if (size < SealedHeader.SIZE + RecordHead.OVERHEAD) {
      return null;
    }
    ByteBuffer in =
        ByteBuffer.allocate(RecordHead.SIZE)
            .order(ByteOrder.LITTLE_ENDIAN)
            .limit(RecordHead.LENGTH);
    file.readFully(in, size - RecordHead.LENGTH);
    int length = in.getInt(0);
    if (length < RecordHead.OVERHEAD || length > size - SealedHeader.SIZE) {
      return null;
    }
    RecordHead head = new RecordHead();
    boolean read = file.readFully(in.clear(), size - length) == RecordHead.SIZE;
    return read && head.parse(in, 0) && head.type == RecordHead.END && head.total() == length
        ? head
        : null;
  }

  /** The places of a closed file, from its END. */
  private RecordMap load(DiskFile file, Path path, SealedHeader header) throws IOException {
    RecordHead head = endHead(file);
    if (head == null) {
      throw new DamagedFileException(path, "it does not end with an END (expected: it is closed)");
    }
    long at = file.size() - head.total();
    ByteBuffer in =
        ByteBuffer.allocate(RecordCipher.CHAIN + head.total()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer places = ByteBuffer.allocate(head.stored).order(ByteOrder.LITTLE_ENDIAN);
    if (file.readFully(in, at - RecordCipher.CHAIN) < in.capacity()
        || !new RecordCipher(header, random).open(in, RecordCipher.CHAIN, head, places)) {
      throw new DamagedFileException(path, "its END is not what was written");
    }
    RecordMap map = RecordMap.decode(places.flip(), head.offset, at);
    if (map == null) {
      throw new DamagedFileException(path, "its END has no places");
    }
    return map;
  }
}
