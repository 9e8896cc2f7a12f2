package io.sluice.binlog.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Tables of facts that lie beside the classes as texts; read once. Thread-safe. */
final class ResourceTable {
  private static final Map<String, List<String>> TEXTS = new ConcurrentHashMap<>();

  private ResourceTable() {}

  /** Reads a table, so that no event loop has to. Blocks. */
  static void load(String name) {
    TEXTS.computeIfAbsent(name, ResourceTable::read);
  }

  /** The cells of all lines but those that begin with {@code #}. */
  static List<String[]> lines(String name, char separator) {
    List<String[]> table = new ArrayList<>();
    for (String line : TEXTS.computeIfAbsent(name, ResourceTable::read)) {
      if (!line.startsWith("#")) {
        table.add(line.split(Pattern.quote(String.valueOf(separator)), -1));
      }
    }
    return table;
  }

  private static List<String> read(String name) {
    try (InputStream in = ResourceTable.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource: " + name + " is missing (expected: a file)");
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
