package io.sluice.binlog.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ResidentPagesTest {
  private static final int MEGA = 1 << 20;

  @TempDir Path directory;

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldKnowWhatTheOperatingSystemHas() throws IOException {
    Path path = directory.resolve("file");
    long size = 256L * MEGA;
    // A hole: nobody has read it or written to it, so it is in nobody's memory.
    try (RandomAccessFile hole = new RandomAccessFile(path.toFile(), "rw")) {
      hole.setLength(size);
    }
    try (DiskFile file = Disk.LOCAL.open(path, Disk.Mode.WRITE)) {
      assertThat(file.isInMemory(0, MEGA)).isFalse();
      // Written, not read: of a hole that was read a file system in memory has nothing either.
      file.writeFully(ByteBuffer.allocateDirect(MEGA + 5000), 0);
      assertThat(file.isInMemory(0, MEGA)).isTrue();
      assertThat(file.isInMemory(4097, MEGA)).isTrue();
      assertThat(file.isInMemory(size - MEGA, MEGA)).isFalse();
      assertThat(file.isInMemory(0, size)).isFalse();
      assertThat(file.isInMemory(MEGA, 0)).isFalse();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldKnowWhatWasJustWritten() throws IOException {
    Path path = directory.resolve("file");
    Files.write(path, new byte[3 * MEGA + 17]);
    try (DiskFile file = Disk.LOCAL.open(path, Disk.Mode.READ)) {
      assertThat(file.isInMemory(0, 3 * MEGA + 17)).isTrue();
      for (int i = 0; i < 1000; i++) {
        assertThat(file.isInMemory(12345, 2 * MEGA)).isTrue();
      }
    }
    // Each question takes its mapping away again.
    assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
        .noneMatch(line -> line.endsWith(path.toString()));
  }
}
