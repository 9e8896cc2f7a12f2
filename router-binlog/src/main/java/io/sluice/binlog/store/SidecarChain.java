package io.sluice.binlog.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One link of the chain checksum: SHA-256 of the link of the file before, this file's name, its
 * size (8 bytes, little-endian) and its SHA-256. Whoever has the last link can tell whether any
 * file of the log was exchanged, renamed, put elsewhere or taken out. Immutable.
 *
 * @param before the link of the file before, 64 hex digits, {@link #BEGINNING} for the first file;
 *     null if it is not known any more: that file was purged
 * @param value this link, 64 hex digits
 */
public record SidecarChain(@Nullable String before, String value) {
  /** Stands for the link in front of the first file. */
  public static final String BEGINNING = "0".repeat(64);

  /** The link of a file. */
  static SidecarChain after(String before, String name, Sidecar file) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    HexFormat hex = HexFormat.of();
    ByteBuffer bytes = ByteBuffer.allocate(32 + text.length + 8 + 32);
    bytes.order(ByteOrder.LITTLE_ENDIAN).put(hex.parseHex(before)).put(text);
    bytes.putLong(file.size()).put(hex.parseHex(file.sha256()));
    return new SidecarChain(before, hex.formatHex(FileIndexer.sha256().digest(bytes.array())));
  }

  /**
   * The link of the first file that is there. The one that the file behind it was linked to stays
   * valid: there were files in front that were purged since.
   *
   * @param next the sidecar of the file behind it, if there is one
   */
  static SidecarChain first(String name, Sidecar file, @Nullable Sidecar next) {
    SidecarChain link = after(BEGINNING, name, file);
    String wanted = next == null || next.chain() == null ? null : next.chain().before();
    return wanted == null || wanted.equals(link.value()) ? link : new SidecarChain(null, wanted);
  }

  /** Tells whether this is the link of these bytes under this name; true if that is not known. */
  public boolean fits(String name, Sidecar file) {
    return before == null || after(before, name, file).equals(this);
  }
}
