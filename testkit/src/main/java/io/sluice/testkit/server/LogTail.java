package io.sluice.testkit.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a server's log, for failure texts. */
final class LogTail {
  private static final int LINES = 40;

  private LogTail() {}

  static String of(Path log) {
    if (!Files.exists(log)) {
      return "(no log " + log + ")";
    }
    try {
      List<String> lines = List.of(read(log).split("\n"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    } catch (IOException e) {
      return "(cannot read " + log + ": " + e + ")";
    }
  }

  static String read(Path log) throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
  }
}
