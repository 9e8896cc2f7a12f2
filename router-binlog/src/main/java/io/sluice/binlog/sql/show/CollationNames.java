package io.sluice.binlog.sql.show;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The names of MariaDB's collations and of their character sets, as a server lists them in {@code
 * COLLATION_CHARACTER_SET_APPLICABILITY}. Immutable.
 *
 * @param charset the character set
 * @param collation the collation
 */
record CollationNames(String charset, String collation) {
  private static final String RESOURCE = "mariadb-collations.txt";

  /** Loaded at first use. */
  private static final class Holder {
    static final Map<Integer, CollationNames> BY_NUMBER = load();
  }

  /** The names of a number; empty if it is not a MariaDB collation. */
  static Optional<CollationNames> of(int number) {
    return Optional.ofNullable(Holder.BY_NUMBER.get(number));
  }

  private static Map<Integer, CollationNames> load() {
    Map<Integer, CollationNames> all = new HashMap<>();
    try (InputStream in = CollationNames.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource: " + RESOURCE + " is missing (expected: a file)");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split(" ", -1);
        all.put(Integer.valueOf(parts[0]), new CollationNames(parts[1], parts[2]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
