package io.sluice.testkit.scripted;

import io.sluice.testkit.wire.WireReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Walks binlog files: a second opinion beside the router's own reader. Files are read whole into
 * memory.
 */
public final class BinlogFiles {
  private BinlogFiles() {}

  /** What a walk found: the whole events, and why it ended before the end of the file, if so. */
  public record Walk(List<BinlogEvent> events, List<String> problems) {
    public boolean isClean() {
      return problems.isEmpty();
    }

    /** GTIDs of the groups, in order. */
    public List<String> gtids() {
      return events.stream()
          .filter(event -> event.type() == EventTypes.GTID)
          .map(BinlogEvent::gtid)
          .toList();
    }
  }

  /** Reads a file and fails if anything is wrong with it. */
  public static List<BinlogEvent> read(Path file) {
    Walk walk = walk(file);
    if (!walk.isClean()) {
      throw new AssertionError(file + ": " + walk.problems());
    }
    return walk.events();
  }

  /** Reads a file and says what is wrong with it. */
  public static Walk walk(Path file) {
    try {
      return walk(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** The same for bytes that begin with the magic. */
  public static Walk walk(byte[] content) {
    List<BinlogEvent> events = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    if (content.length < 4
        || !Arrays.equals(content, 0, 4, BinlogEvents.MAGIC, 0, BinlogEvents.MAGIC.length)) {
      problems.add("no magic");
      return new Walk(events, problems);
    }
    int offset = BinlogEvents.MAGIC.length;
    boolean checksums = false;
    while (offset < content.length) {
      if (content.length - offset < BinlogEvent.HEADER) {
        problems.add("torn header at " + offset);
        break;
      }
      long length = new WireReader(content, offset + 9).u4();
      if (length < BinlogEvent.HEADER || length > content.length - offset) {
        problems.add("torn event of length " + length + " at " + offset);
        break;
      }
      int end = offset + (int) length;
      BinlogEvent event = BinlogEvent.at(Arrays.copyOfRange(content, offset, end), offset);
      if (event.type() == EventTypes.FORMAT_DESCRIPTION) {
        checksums = event.announcesChecksums();
      } else if (events.isEmpty()) {
        problems.add("first event is " + event);
      }
      if ((checksums || event.type() == EventTypes.FORMAT_DESCRIPTION) && !event.crcMatches()) {
        problems.add("wrong CRC: " + event);
      }
      if (event.logPos() != 0 && event.logPos() != end) {
        problems.add("log_pos is not " + end + ": " + event);
      }
      if (!event.isStored()) {
        problems.add("must not be in a file: " + event);
      }
      events.add(event);
      offset = end;
    }
    return new Walk(events, problems);
  }
}
