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

  /** Works on a disk. */
  public StoredForms(Disk disk) {
    this.disk = disk;
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
      case SEALED -> throw sealed(path);
    };
  }

  /**
   * Begins to write a closed file in a form of which there is more than the plain bytes.
   *
   * @param path where there must be no file
   * @param level how hard to compress
   */
  public PackWriter create(Path path, StoredForm form, int level) throws IOException {
    return switch (form) {
      case PLAIN -> new PlainWriter(disk.open(path, Disk.Mode.CREATE_NEW));
      case ZSTD -> {
        DiskFile file = disk.open(path, Disk.Mode.CREATE_NEW);
        yield new ZstdSeekableWriter(file, level);
      }
      case SEALED -> throw sealed(path);
    };
  }

  private static IOException sealed(Path path) {
    return new IOException("binlog file: " + path + " is encrypted (expected: a key for it)");
  }
}
