package io.sluice.binlog.form;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.file.Path;

/** Reads and makes files in every form. Any thread; blocks. */
public final class StoredForms {
  private static final long CACHE = 16L << 20;

  private final Disk disk;
  private final FrameCache cache = new FrameCache(CACHE);
  private final SealedFiles sealed;
  private final SealedBlob smallFiles;
  private final long keyId;

  /** Works on a disk, without keys. */
  public StoredForms(Disk disk) {
    this(disk, KeyRing.none(), 0);
  }

  /**
   * Works on a disk.
   *
   * @param keys opens what is sealed
   * @param keyId seals what is written; 0 if nothing shall be
   */
  public StoredForms(Disk disk, KeyRing keys, long keyId) {
    this.disk = disk;
    this.sealed = new SealedFiles(disk, keys);
    this.smallFiles = new SealedBlob(keys, keyId);
    this.keyId = keyId;
  }

  /** The sealed files. */
  public SealedFiles sealed() {
    return sealed;
  }

  /** Small files that are sealed as a whole. */
  public SealedBlob smallFiles() {
    return smallFiles;
  }

  /** Creates the file that the log grows in next. */
  public GrowingFile createSealed(Path path) throws IOException {
    return sealed.create(path, keyId);
  }

  /**
   * Opens a file.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  public StoredBytes open(Path path, StoredForm form) throws IOException {
    return switch (form) {
      case PLAIN -> new PlainBytes(disk.open(path, Disk.Mode.READ));
      case ZSTD ->
          ZstdSeekableBytes.open(disk.open(path, Disk.Mode.READ), String.valueOf(path), cache);
      case SEALED -> sealed.open(path);
    };
  }

  /**
   * Begins to write a closed file in a form of which there is more than the plain bytes.
   *
   * @param path where there must be no file
   * @param level how hard to compress; 0 not at all, where that can be
   */
  public PackWriter create(Path path, StoredForm form, int level) throws IOException {
    return switch (form) {
      case PLAIN -> new PlainWriter(disk.open(path, Disk.Mode.CREATE_NEW));
      case ZSTD -> {
        DiskFile file = disk.open(path, Disk.Mode.CREATE_NEW);
        yield new ZstdSeekableWriter(file, level);
      }
      case SEALED -> sealed.pack(path, keyId, level);
    };
  }
}
