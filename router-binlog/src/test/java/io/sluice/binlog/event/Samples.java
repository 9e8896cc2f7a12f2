package io.sluice.binlog.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The real binary logs among the test resources. */
public final class Samples {
  /** One line of a listing. */
  public record Line(
      long position, long endPosition, int code, long serverId, int size, int flags, String what) {}

  private Samples() {}

  /** The MariaDB versions. */
  public static List<String> versions() {
    return List.of("mariadb-10.11", "mariadb-11.8");
  }

  /** The MySQL versions. */
  public static List<String> mySqlVersions() {
    return List.of("mysql-5.6", "mysql-9.7");
  }

  /** All files of all MariaDB versions, as {@code version/name.number}. */
  public static List<String> files() {
    return files(versions());
  }

  /** All files of all MySQL versions, as {@code version/name.number}. */
  public static List<String> mySqlFiles() {
    return files(mySqlVersions());
  }

  private static List<String> files(List<String> versions) {
    List<String> all = new ArrayList<>();
    for (String version : versions) {
      try (Stream<Path> entries = Files.list(path(version))) {
        entries
            .map(entry -> entry.getFileName().toString())
            .filter(name -> name.matches(".*\\.[0-9]{6}"))
            .sorted()
            .forEach(name -> all.add(version + "/" + name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all;
  }

  /** The base names of a version. */
  public static List<String> logs(String version) {
    TreeSet<String> bases = new TreeSet<>();
    for (String file : files(List.of(version))) {
      bases.add(file.substring(0, file.lastIndexOf('.')));
    }
    return new ArrayList<>(bases);
  }

  /** The files of a log, in order. */
  public static List<String> filesOf(String log) {
    return files(List.of(log.substring(0, log.indexOf('/')))).stream()
        .filter(file -> file.startsWith(log + "."))
        .toList();
  }

  public static byte[] bytes(String file) {
    try (InputStream in = Samples.class.getResourceAsStream("/binlogs/" + file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes with the in-use flag cleared. */
  public static byte[] cleared(String file) {
    byte[] bytes = bytes(file);
    bytes[21] &= (byte) 0xfe;
    return bytes;
  }

  public static List<Line> listing(String file) {
    List<Line> lines = new ArrayList<>();
    for (String text : new String(bytes(file + ".txt"), StandardCharsets.UTF_8).split("\n")) {
      if (!text.startsWith("#") && !text.isBlank() && Character.isDigit(text.charAt(0))) {
        String[] f = text.split("  ", 7);
        String code = f[2].substring(f[2].indexOf('(') + 1, f[2].indexOf(')'));
        lines.add(
            new Line(
                Long.parseLong(f[0]),
                Long.parseLong(f[1]),
                Integer.parseInt(code),
                Long.parseLong(f[3]),
                Integer.parseInt(f[4]),
                Integer.decode(f[5]),
                f.length > 6 ? f[6] : ""));
      }
    }
    return lines;
  }

  /** What the server said at its end: gtid_binlog_pos and gtid_binlog_state, or null. */
  public static String[] gtid(String log) {
    try {
      Path file = path(log + ".gtid");
      if (!Files.exists(file)) {
        return null;
      }
      return Files.readString(file).strip().isEmpty()
          ? new String[] {"", ""}
          : Files.readString(file).strip().split("\t");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a MySQL server said at its end: gtid_executed, or null. */
  public static String executed(String log) {
    try {
      Path file = path(log + ".gtid");
      return Files.exists(file) ? Files.readString(file).strip().replace("\\n", "\n") : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path path(String name) {
    try {
      Path root = Path.of(Samples.class.getResource("/binlogs/README.md").toURI()).getParent();
      return root.resolve(name);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
