package io.sluice.binlog.tool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.sql.show.EventText;
import io.sluice.binlog.store.FileWalk;
import io.sluice.binlog.store.OpenedFile;
import io.sluice.binlog.store.StoreView;
import io.sluice.binlog.store.ViewedFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists the events of a file. */
@Command(
    name = "dump",
    mixinStandardHelpOptions = true,
    description =
        "Lists the events of a file: position, type, server id, time, length, end position as the"
            + " event has it. The newest file ends behind its last whole transaction.")
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
final class DumpCommand implements Callable<Integer> {
  private static final String ROW = "%-12s %-24s %-10s %-20s %10s %12s%s%n";
  private static final int HEAD = 1024;
  private static final int MAX_WHOLE = 16 << 20;
  private static final int MAX_TEXT = 2000;

  @Spec private CommandSpec spec;
  @ParentCommand private SluiceBinlog tool;

  @Parameters(paramLabel = "FILE", description = "bin.000042, or 2/bin.000042.")
  private String name;

  @Option(names = "--from", paramLabel = "POS", description = "Leaves out what is before it.")
  private long from;

  @Option(
      names = "--to",
      paramLabel = "POS",
      description = "Leaves out what begins there or behind.")
  private @Nullable Long to;

  @Option(
      names = {"-v", "--verbose"},
      description = "With what the events say: GTIDs, statements, tables, next files.")
  private boolean verbose;

  @Override
  public Integer call() throws IOException {
    StoreView view = tool.view();
    List<ViewedFile> all = view.files();
    ViewedFile file = FileNames.resolve(view, List.of(name)).get(0);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(ROW, "POSITION", "TYPE", "SERVER", "TIME", "LENGTH", "END", verbose ? "  INFO" : "");
    try (OpenedFile opened = view.open(file)) {
      boolean newest = FileNames.isNewest(all, file);
      long size = opened.size();
      long end = newest ? opened.walk(size).toEnd() : size;
      FileWalk walk = opened.walk(end);
      while (walk.next() && (to == null || walk.position() < to)) {
        if (walk.position() >= from) {
          event(out, opened, walk);
        }
      }
      out.flush();
      if (walk.problem().isEmpty()) {
        return SluiceBinlog.FINE;
      }
      spec.commandLine()
          .getErr()
          .println(
              "sluice-binlog: " + file.id() + ": at " + walk.position() + ": " + walk.problem());
      return SluiceBinlog.NOT_FINE;
    }
  }

  private void event(PrintWriter out, OpenedFile file, FileWalk walk) throws IOException {
    FormatDescription format = walk.format();
    if (format == null) {
      return;
    }
    EventText text = EventText.of(format);
    ByteBuf event = walk.window().slice(walk.index(), walk.available());
    EventType type = walk.type();
    String info = "";
    boolean packed = type == EventType.TRANSACTION_PAYLOAD;
    if (verbose) {
      boolean whole = packed || text.needsWhole(type);
      event = read(file, walk, whole ? MAX_WHOLE : HEAD, event);
      info = "  " + shown(text.info(event, walk.length()));
    }
    row(out, String.valueOf(walk.position()), text, event, walk.length(), info);
    if (verbose && packed) {
      inside(out, text, event, walk.length());
    }
  }

  /** An event as far as it is wanted, also where the window has only its beginning. */
  private static ByteBuf read(OpenedFile file, FileWalk walk, int limit, ByteBuf window)
      throws IOException {
    int wanted = Math.min(walk.length(), limit);
    if (wanted <= window.readableBytes()) {
      return window;
    }
    ByteBuffer bytes = ByteBuffer.allocate(wanted);
    int got = file.read(walk.position(), bytes);
    return Unpooled.wrappedBuffer(bytes.array(), 0, Math.max(0, got));
  }

  private static void row(
      PrintWriter out, String place, EventText text, ByteBuf event, int length, String info) {
    EventType type = EventHeader.type(event, 0);
    String label =
        type == EventType.UNKNOWN
            ? "Unknown (" + EventHeader.typeCode(event, 0) + ")"
            : text.label(type);
    out.printf(
        ROW,
        place,
        label,
        EventHeader.serverId(event, 0),
        Times.text(EventHeader.timestamp(event, 0)),
        length,
        EventHeader.endPosition(event, 0),
        info);
  }

  /** The events of a packed transaction have no place of their own. */
  private static void inside(PrintWriter out, EventText text, ByteBuf event, int length) {
    try {
      ByteBuf rest = Unpooled.wrappedBuffer(text.unpack(event, length));
      while (rest.isReadable()) {
        int next = EventHeader.requireLength(rest, rest.readerIndex());
        ByteBuf one = rest.readSlice(next);
        // Its info is read as if it had a checksum, as the file's other events have.
        ByteBuf padded = Unpooled.copiedBuffer(one, Unpooled.wrappedBuffer(new byte[4]));
        int seen = text.checksumBytes() == 0 ? next : next + 4;
        row(out, "  packed", text, padded, next, "  " + shown(text.info(padded, seen)));
      }
    } catch (BinlogFormatException | IndexOutOfBoundsException e) {
      out.println("  packed: cannot be unpacked: " + e.getMessage());
    }
  }

  /** On one line, and not too long. */
  static String shown(String info) {
    int shown = Math.min(info.length(), MAX_TEXT);
    StringBuilder line = new StringBuilder(shown);
    for (int i = 0; i < shown; i++) {
      char c = info.charAt(i);
      if (c == '\n') {
        line.append("\\n");
      } else if (c == '\t') {
        line.append("\\t");
      } else if (Character.isISOControl(c)) {
        line.append(String.format("\\x%02x", (int) c));
      } else {
        line.append(c);
      }
    }
    return info.length() > shown ? line + " … (" + info.length() + " characters)" : line.toString();
  }
}
