package io.sluice.binlog.tool;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.form.StoredForm;
import io.sluice.binlog.form.ZstdSeekableWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Packs files as the store does. */
final class PackedFiles {
  private PackedFiles() {}

  static void pack(Path plain) throws IOException {
    String name = plain.getFileName().toString();
    Path packed = plain.resolveSibling(StoredForm.ZSTD.nameOnDisk(name));
    try (DiskFile file = Disk.LOCAL.open(packed, Disk.Mode.CREATE_NEW);
        ZstdSeekableWriter writer = new ZstdSeekableWriter(file, 3)) {
      writer.write(ByteBuffer.wrap(Files.readAllBytes(plain)));
      writer.finish();
    }
    Files.delete(plain);
  }
}
