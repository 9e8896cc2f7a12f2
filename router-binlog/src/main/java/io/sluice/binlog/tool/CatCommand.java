package io.sluice.binlog.tool;

import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.OpenedFile;
import io.sluice.binlog.store.StoreView;
import io.sluice.binlog.store.ViewedFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Writes the master's bytes to standard output. */
@Command(
    name = "cat",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the master's bytes to standard output, unpacked and decrypted, with the in-use flag"
          + " cleared, for mariadb-binlog - and mysqlbinlog -. The newest file ends behind its last"
          + " whole transaction.",
      "Of several files, the magic is written once; --from behind the start writes the magic and"
          + " the FORMAT_DESCRIPTION first. So the tools can read it; --bare leaves that out."
    })
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
final class CatCommand implements Callable<Integer> {
  private static final int PIECE = 256 << 10;

  @ParentCommand private SluiceBinlog tool;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "bin.000042, or 2/bin.000042.")
  private List<String> names;

  @Option(
      names = "--from",
      paramLabel = "POS",
      description = "Where to begin in the first file; without --bare where an event begins.")
  private long from;

  @Option(
      names = "--to",
      paramLabel = "POS",
      description = "Where to end in the last file (default: its end).")
  private @Nullable Long to;

  @Option(names = "--bare", description = "The bytes of the files and nothing else.")
  private boolean bare;

  @Override
  public Integer call() throws IOException {
    StoreView view = tool.view();
    List<ViewedFile> all = view.files();
    List<ViewedFile> files = FileNames.resolve(view, names);
    OutputStream out = tool.output();
    for (int i = 0; i < files.size(); i++) {
      boolean last = i == files.size() - 1;
      try (OpenedFile file = view.open(files.get(i))) {
        long end = FileNames.isNewest(all, files.get(i)) ? tail(file) : file.size();
        Long wanted = last ? to : null;
        if (wanted != null && (wanted < 0 || wanted > end)) {
          throw new ToolException("--to: " + wanted + " (expected: at most " + end + ")");
        }
        long begin = begin(file, i == 0, end, out);
        copy(file, begin, wanted == null ? end : wanted, out);
      }
    }
    out.flush();
    return SluiceBinlog.FINE;
  }

  private static long tail(OpenedFile file) throws IOException {
    return file.walk(file.size()).toEnd();
  }

  /** Writes what comes before the wanted part of a file; tells where that begins. */
  private long begin(OpenedFile file, boolean first, long end, OutputStream out)
      throws IOException {
    long begin = first ? from : 0;
    if (begin < 0 || begin > end) {
      throw new ToolException("--from: " + begin + " (expected: 0 to " + end + ")");
    }
    if (bare) {
      return begin;
    }
    if (!first) {
      return BinlogFileFormat.FIRST_EVENT;
    }
    if (begin <= BinlogFileFormat.FIRST_EVENT) {
      return 0;
    }
    FormatDescription format = file.format();
    if (format == null) {
      throw new ToolException("file: " + file.file().id() + " does not begin with its format");
    }
    int head = BinlogFileFormat.FIRST_EVENT + format.length();
    if (begin > head && begin < end && !file.isEvent(begin, format)) {
      throw new ToolException("--from: " + begin + " (expected: where an event begins, or --bare)");
    }
    copy(file, 0, Math.min(begin, head), out);
    return begin;
  }

  private static void copy(OpenedFile file, long from, long to, OutputStream out)
      throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    for (long at = from; at < to; at += piece.limit()) {
      piece.clear().limit((int) Math.min(PIECE, to - at));
      int wanted = piece.limit();
      if (file.read(at, piece) < wanted) {
        throw new IOException(
            "file: " + file.file().id() + " ends before " + to + " (expected: " + to + " bytes)");
      }
      out.write(piece.array(), 0, wanted);
    }
  }
}
