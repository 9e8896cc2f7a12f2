package io.sluice.testkit.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Golden bytes in text form: hex digits, white space of any kind between bytes, {@code #} starts a
 * comment up to the end of the line.
 */
public final class GoldenBytes {
  private GoldenBytes() {}

  /** Reads a class path resource, for example {@code "/golden/mariadb-10.11/greeting.hex"}. */
  public static byte[] load(String resource) {
    return parse(text(resource));
  }

  /** Parses the text form. */
  public static byte[] parse(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : text.split("\n", -1)) {
      int comment = line.indexOf('#');
      String hex = (comment < 0 ? line : line.substring(0, comment)).replaceAll("\\s", "");
      bytes.writeBytes(HexFormat.of().parseHex(hex));
    }
    return bytes.toByteArray();
  }

  /** Writes the text form: 32 bytes a line. */
  public static String format(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.length; i += 32) {
      text.append(HexFormat.of().formatHex(bytes, i, Math.min(bytes.length, i + 32))).append('\n');
    }
    return text.toString();
  }

  static String text(String resource) {
    try (InputStream in = GoldenBytes.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("resource: " + resource + " (expected: on class path)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
