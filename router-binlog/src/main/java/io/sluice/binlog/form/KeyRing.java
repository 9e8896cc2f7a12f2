package io.sluice.binlog.form;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a key file: one per line, {@code <id>;<hex of 16, 24 or 32 bytes>}, as for MariaDB's
 * file_key_management; lines that begin with {@code #} are remarks. A key that is asked for and not
 * known is looked for in the file again if that has changed. No key ever stands in a message. Any
 * thread; may block.
 */
public final class KeyRing {
  private static final Logger LOGGER = LoggerFactory.getLogger(KeyRing.class);

  /** The largest id of a key. */
  public static final long MAX_ID = 0xffff_ffffL;

  private static final int MAX_FILE = 1 << 20;
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("------rwx");

  private record Keys(Map<Long, SecretKeySpec> byId, FileTime changed) {}

  private final @Nullable Path file;
  private volatile Keys keys;

  private KeyRing(@Nullable Path file, Keys keys) {
    this.file = file;
    this.keys = keys;
  }

  /** No keys: nothing can be sealed, and nothing that is sealed can be opened. */
  public static KeyRing none() {
    return new KeyRing(null, new Keys(Map.of(), FileTime.fromMillis(0)));
  }

  /**
   * Reads a key file.
   *
   * @throws IOException if it cannot be read or understood, or if everybody can read it
   */
  public static KeyRing load(Path file) throws IOException {
    return new KeyRing(file, read(file));
  }

  /** Reads the file again; if that fails, all stays as it was. */
  public void reload() throws IOException {
    Path source = file;
    if (source != null) {
      keys = read(source);
    }
  }

  /** Where the keys come from, for messages. */
  public String source() {
    return file == null ? "no encryption-key-file is set" : "key file " + file;
  }

  /** Tells whether there is a key with this id. */
  public boolean has(long id) {
    return find(id) != null;
  }

  @Nullable SecretKeySpec find(long id) {
    SecretKeySpec key = keys.byId().get(id);
    Path source = file;
    if (key != null || source == null) {
      return key;
    }
    try {
      if (!Files.getLastModifiedTime(source).equals(keys.changed())) {
        reload();
      }
    } catch (IOException e) {
      LOGGER.atWarn().addKeyValue("file", source).setCause(e).log("key file cannot be read again");
    }
    return keys.byId().get(id);
  }

  private static Keys read(Path file) throws IOException {
    requirePrivate(file);
    FileTime changed = Files.getLastModifiedTime(file);
    if (Files.size(file) > MAX_FILE) {
      throw new IOException("key file: " + file + " (expected: at most " + MAX_FILE + " bytes)");
    }
    Map<Long, SecretKeySpec> byId = new HashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        String place = "key file: " + file + ": line " + (i + 1);
        int split = line.indexOf(';');
        long id = id(place, split < 0 ? "" : line.substring(0, split).strip());
        if (byId.put(id, key(place, line.substring(split + 1).strip())) != null) {
          throw new IOException(place + ": key id " + id + " (expected: each id once)");
        }
      }
    }
    return new Keys(Map.copyOf(byId), changed);
  }

  private static void requirePrivate(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
    for (PosixFilePermission permission : OTHERS) {
      if (mode.contains(permission)) {
        throw new IOException(
            "key file: "
                + file
                + " has the mode "
                + PosixFilePermissions.toString(mode)
                + " (expected: nothing for others, such as rw-------)");
      }
    }
  }

  private static long id(String place, String text) throws IOException {
    try {
      long id = Long.parseLong(text);
      if (id > 0 && id <= MAX_ID) {
        return id;
      }
    } catch (NumberFormatException e) {
      // The same message as for a number that is out of range, and never the text: it may be a key.
    }
    throw new IOException(place + " (expected: id;key with an id from 1 to " + MAX_ID + ")");
  }

  private static SecretKeySpec key(String place, String text) throws IOException {
    int length = text.length();
    if (length == 32 || length == 48 || length == 64) {
      try {
        return new SecretKeySpec(HexFormat.of().parseHex(text), FileKey.MAC);
      } catch (IllegalArgumentException e) {
        // Its message has a part of the key.
      }
    }
    throw new IOException(place + " (expected: a key of 32, 48 or 64 hexadecimal digits)");
  }
}
