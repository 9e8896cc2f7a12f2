package io.sluice.benchmarks.relay;

import io.sluice.testkit.server.DatabaseServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Makes a long log out of a short one: a binlog file that a server has written is there several
 * times, under the names that follow it. Names in it and MariaDB's GTIDs are counted on and
 * checksums are made anew, so that it is as if the server had done the same work again and again.
 * (MySQL's files must have no GTIDs.) The server must not run.
 */
final class LogCopies {
  private static final int MAGIC = 4;
  private static final int TYPE_AT = 4;
  private static final int LENGTH_AT = 9;
  private static final int BODY_AT = 19;
  private static final int CHECKSUM = 4;
  private static final int ROTATE = 4;
  private static final int FORMAT_DESCRIPTION = 15;
  private static final int CHECKPOINT = 161;
  private static final int GTID = 162;
  private static final int GTID_LIST = 163;
  private static final int COUNT_BITS = 0x0fffffff;
  private static final int LIST_ENTRY = 16;

  private final ByteBuffer content;
  private final List<Integer> gtids = new ArrayList<>();
  private final List<Integer> lists = new ArrayList<>();
  private final List<Integer> names = new ArrayList<>();

  private LogCopies(byte... content) {
    this.content = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = MAGIC; at < content.length; at += this.content.getInt(at + LENGTH_AT)) {
      int length = this.content.getInt(at + LENGTH_AT);
      switch (content[at + TYPE_AT] & 0xff) {
        case FORMAT_DESCRIPTION -> {
          if (content[at + length - CHECKSUM - 1] != 1) {
            throw new IllegalStateException("binlog_checksum: none (expected: CRC32)");
          }
        }
        case GTID -> gtids.add(at);
        case GTID_LIST -> lists.add(at);
        case ROTATE, CHECKPOINT -> names.add(at);
        default -> {}
      }
    }
  }

  /**
   * Puts {@code count - 1} copies behind the last file but one, over the last one.
   *
   * @return the files, oldest first, all of one size
   */
  static List<Path> make(DatabaseServer server, int count) throws IOException {
    List<String> before = server.binlogFiles();
    String original = before.get(before.size() - 2);
    Path source = server.binlogPath(original);
    LogCopies copies = new LogCopies(Files.readAllBytes(source));
    List<Path> files = new ArrayList<>(List.of(source));
    String name = original;
    for (int i = 1; i < count; i++) {
      name = counted(name);
      copies.countOn();
      Path file = server.binlogPath(name);
      copies.write(file);
      files.add(file);
    }
    addToIndex(server, before, files);
    copies.writeState(server, original);
    return files;
  }

  private static void addToIndex(DatabaseServer server, List<String> before, List<Path> files)
      throws IOException {
    Path index = server.binlogPath(base(before.get(0)) + ".index");
    List<String> lines = new ArrayList<>(Files.readAllLines(index));
    lines.removeIf(String::isBlank);
    String last = lines.get(lines.size() - 1);
    String folder = last.substring(0, last.length() - before.get(before.size() - 1).length());
    for (Path file : files) {
      String line = folder + file.getFileName();
      if (!lines.contains(line)) {
        lines.add(line);
      }
    }
    Files.write(index, lines);
  }

  /** MariaDB goes on counting where the last copy ends. */
  private void writeState(DatabaseServer server, String original) throws IOException {
    if (gtids.isEmpty()) {
      return;
    }
    int last = gtids.get(gtids.size() - 1);
    String state =
        String.format(
            Locale.ROOT,
            "%d-%d-%d%n",
            content.getInt(last + BODY_AT + Long.BYTES),
            content.getInt(last + TYPE_AT + 1),
            content.getLong(last + BODY_AT));
    Path file = server.binlogPath(base(original) + ".state");
    if (Files.readAllLines(file).size() != 1) {
      throw new IllegalStateException(file + ": more than one domain or server");
    }
    Files.writeString(file, state);
  }

  private static String base(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static String counted(String name) {
    String digits = name.substring(name.lastIndexOf('.') + 1);
    String number =
        String.format(Locale.ROOT, "%0" + digits.length() + "d", Long.parseLong(digits) + 1);
    return base(name) + "." + number;
  }

  private void countOn() {
    int transactions = gtids.size();
    for (int at : gtids) {
      add(at + BODY_AT, transactions);
      seal(at);
    }
    for (int at : lists) {
      int entries = content.getInt(at + BODY_AT) & COUNT_BITS;
      for (int i = 0; i < entries; i++) {
        add(at + BODY_AT + Integer.BYTES + i * LIST_ENTRY + Long.BYTES, transactions);
      }
      seal(at);
    }
    for (int at : names) {
      int end = at + content.getInt(at + LENGTH_AT) - CHECKSUM;
      // Both events begin with a number; it is as long as a position in one, shorter in the other.
      int begin =
          at
              + BODY_AT
              + ((content.get(at + TYPE_AT) & 0xff) == ROTATE ? Long.BYTES : Integer.BYTES);
      byte[] name = new byte[end - begin];
      content.get(begin, name);
      byte[] next =
          counted(new String(name, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
      content.put(begin, next);
      seal(at);
    }
  }

  private void add(int at, int number) {
    content.putLong(at, content.getLong(at) + number);
  }

  private void seal(int at) {
    int length = content.getInt(at + LENGTH_AT) - CHECKSUM;
    CRC32 checksum = new CRC32();
    checksum.update(content.array(), at, length);
    content.putInt(at + length, (int) checksum.getValue());
  }

  /** Written out at once, so that the disk is idle when something is measured. */
  private void write(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer all = content.duplicate().clear();
      while (all.hasRemaining()) {
        channel.write(all);
      }
      channel.force(true);
    }
  }
}
