package io.sluice.binlog;

import io.sluice.mysql.auth.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The relay's own server uuid, by which a MySQL master tells its replicas apart: made once, kept in
 * a file. Stateless.
 */
final class RelayUuid {
  private RelayUuid() {}

  /**
   * Reads or makes it. Blocks.
   *
   * @throws IOException if the file holds something else, or cannot be read or made
   */
  static String of(Path file) throws IOException {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8).strip();
      if (!UUID.fromString(text).toString().equalsIgnoreCase(text)) {
        throw new IllegalArgumentException("short");
      }
      return text;
    } catch (NoSuchFileException e) {
      String made = UUID.randomUUID().toString();
      PrivateFile.write(file, (made + "\n").getBytes(StandardCharsets.UTF_8));
      return made;
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": no server uuid (expected: as it was made)", e);
    }
  }
}
