package io.sluice.binlog.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Tables of facts that lie beside the classes as texts. Stateless. */
final class ResourceTable {
  private ResourceTable() {}

  /** The cells of all lines but those that begin with {@code #}. */
  static List<String[]> lines(String name, char separator) {
    List<String[]> table = new ArrayList<>();
    try (InputStream in = ResourceTable.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource: " + name + " is missing (expected: a file)");
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#")) {
          table.add(line.split(Pattern.quote(String.valueOf(separator)), -1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return table;
  }
}
