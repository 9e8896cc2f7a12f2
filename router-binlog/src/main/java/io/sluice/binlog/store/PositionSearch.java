package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.FormatDescription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request for a file and position. Blocks. */
final class PositionSearch {
  private static final String BOGUS = "bogus data in log event";
  private static final String TOO_LARGE =
      "log event entry exceeded max_allowed_packet; Increase max_allowed_packet on master";
  private static final String TRUNCATED =
      "binlog truncated in the middle of event; consider out of disk space on master";

  private final FileCatalog catalog;
  private final Inventory inventory;
  private final ScanMeter.Scan counter;
  private final String name;
  private final long position;

  PositionSearch(
      FileCatalog catalog,
      Inventory inventory,
      ScanMeter.Scan counter,
      StartRequest.FilePosition request) {
    this.catalog = catalog;
    this.inventory = inventory;
    this.counter = counter;
    this.name = request.file();
    this.position = request.position();
  }

  StartResult run() throws IOException {
    List<BinlogFileId> candidates = candidates();
    if (candidates.isEmpty()) {
      return StartResult.fatal("Could not find first log file name in binary log index file");
    }
    if (candidates.size() == 1) {
      return start(candidates.get(0));
    }
    List<BinlogFileId> fitting = new ArrayList<>();
    for (BinlogFileId file : candidates) {
      if (start(file) instanceof StartResult.Found) {
        fitting.add(file);
      }
    }
    return switch (fitting.size()) {
      case 0 -> start(candidates.get(0));
      case 1 -> start(fitting.get(0));
      default ->
          StartResult.fatal(
              "Binary log file '"
                  + name
                  + "' exists in "
                  + fitting.size()
                  + " histories of the relay, of different masters, and position "
                  + position
                  + " fits all of them; connect with a GTID position");
    };
  }

  private List<BinlogFileId> candidates() {
    BinlogFileId oldest = inventory.oldest();
    return name.isEmpty() && oldest != null ? List.of(oldest) : inventory.findAll(name);
  }

  private StartResult start(BinlogFileId file) throws IOException {
    long end = inventory.visibleEnd(file);
    if (position < BinlogFileFormat.FIRST_EVENT || position > end) {
      return StartResult.fatal(
          "Client requested master to start replication from impossible position"
              + where(requested(), BinlogFileFormat.FIRST_EVENT, BinlogFileFormat.FIRST_EVENT));
    }
    FormatDescription format = catalog.head(file, end, counter).format();
    String problem = isBoundary(file, end, format) ? null : problem(file, end);
    return problem == null
        ? new StartResult.Found(file, position, format, MariaDbGroupFilter.passAll())
        : new StartResult.Refused(
            StartResult.FATAL, problem, new StartResult.Preamble(file, position, format));
  }

  private boolean isBoundary(BinlogFileId file, long end, FormatDescription format)
      throws IOException {
    if (position == BinlogFileFormat.FIRST_EVENT || position == end) {
      return true;
    }
    try {
      return catalog.stateAt(file, position, end, counter) != null;
    } catch (IOException e) {
      // The file is damaged somewhere in front. What is behind may be whole: a sum proves an event.
      FileScanner scan = new FileScanner(catalog.source(file, counter), position, end, true);
      scan.checksums(true);
      if (format.hasChecksums() && scan.next()) {
        return true;
      }
      throw e;
    }
  }

  /** What a master says when it takes the bytes at the position for an event. */
  private String problem(BinlogFileId file, long end) throws IOException {
    @Nullable ByteBuf header = header(file, end);
    if (header == null) {
      return TRUNCATED + where(file.name(), position, position);
    }
    long length = EventHeader.length(header, 0);
    String text;
    if (length < EventHeader.SIZE) {
      text = BOGUS;
    } else if (length > EventHeader.MAX_EVENT_LENGTH) {
      text = TOO_LARGE;
    } else if (position + length > end) {
      text = TRUNCATED;
    } else {
      // A master sends these bytes as an event. The relay does not send what is none.
      text = BOGUS;
    }
    return text + where(file.name(), position, position + EventHeader.SIZE);
  }

  private @Nullable ByteBuf header(BinlogFileId file, long end) throws IOException {
    if (position + EventHeader.SIZE > end) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(EventHeader.SIZE);
    catalog.source(file, counter).read(position, bytes);
    return bytes.hasRemaining() ? null : Unpooled.wrappedBuffer(bytes.flip());
  }

  /** The requested name as the master prints it: without directories, and never empty. */
  private String requested() {
    return name.isEmpty() ? "." : name.substring(name.lastIndexOf('/') + 1);
  }

  private String where(String file, long event, long last) {
    return "; the first event '"
        + requested()
        + "' at "
        + position
        + ", the last event read from '"
        + file
        + "' at "
        + event
        + ", the last byte read from '"
        + file
        + "' at "
        + last
        + ".";
  }
}
