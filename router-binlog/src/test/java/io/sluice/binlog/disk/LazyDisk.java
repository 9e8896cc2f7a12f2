package io.sluice.binlog.disk;

import java.io.IOException;
import java.nio.file.Path;

/** For thousands of cases: the disk is not waited for. */
public final class LazyDisk extends ForwardingDisk {
  @Override
  public DiskFile open(Path path, Mode mode) throws IOException {
    return new ForwardingFile(super.open(path, mode)) {
      @Override
      public void force(boolean metadata) {}
    };
  }

  @Override
  public void syncDirectory(Path path) {}
}
