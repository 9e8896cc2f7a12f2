package io.sluice.binlog.tool;

import io.sluice.binlog.form.DamagedFileException;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.store.FileWalk;
import io.sluice.binlog.store.OpenedFile;
import io.sluice.binlog.store.Sidecar;
import io.sluice.binlog.store.SidecarChain;
import io.sluice.binlog.store.StoreView;
import io.sluice.binlog.store.ViewedFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists the files. */
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    description =
        "Lists the files, oldest first. The newest one is read to its last whole transaction; what"
            + " is shown of the others is what their sidecars say. Forms with @ are in the archive.")
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
final class ListCommand implements Callable<Integer> {
  private static final int SHORT_HASH = 12;
  private static final String ROW = "%-5s %-24s %14s %14s %-6s %-20s %-20s %-12s %s%n";

  @Spec private CommandSpec spec;
  @ParentCommand private SluiceBinlog tool;

  @Option(names = "--json", description = "As JSON, with everything in full.")
  private boolean json;

  /** A line of the list; what is not known is null or 0. */
  private record Row(
      ViewedFile file,
      long size,
      long firstTime,
      long lastTime,
      @Nullable GtidState start,
      @Nullable GtidState end,
      @Nullable Sidecar sidecar,
      String kind) {}

  @Override
  public Integer call() throws IOException {
    StoreView view = tool.view();
    List<ViewedFile> files = view.files();
    PrintWriter out = spec.commandLine().getOut();
    List<Map<String, @Nullable Object>> documents = new ArrayList<>();
    if (!json) {
      out.printf(
          ROW, "EPOCH", "FILE", "SIZE", "ON DISK", "FORM", "FIRST", "LAST", "SHA-256", "GTID END");
    }
    for (ViewedFile file : files) {
      Row row = row(view, files, file);
      if (row != null && json) {
        documents.add(document(row));
      } else if (row != null) {
        print(out, row);
      }
    }
    if (json) {
      SluiceBinlog.print(out, documents);
    }
    out.flush();
    return SluiceBinlog.FINE;
  }

  /** Looks at a file; null if it was purged meanwhile. */
  private static @Nullable Row row(StoreView view, List<ViewedFile> files, ViewedFile listed)
      throws IOException {
    try (OpenedFile opened = view.open(listed)) {
      ViewedFile file = opened.file();
      if (FileNames.isNewest(files, listed)) {
        FileWalk walk = opened.walk(opened.size());
        long end = walk.toEnd();
        return new Row(
            file,
            end,
            walk.firstTime(),
            walk.lastTime(),
            walk.start(),
            walk.state(),
            null,
            "growing");
      }
      Sidecar sidecar = view.sidecar(file.id());
      if (sidecar == null) {
        String kind = view.hasSidecar(file.id()) ? "unreadable" : "missing";
        return new Row(file, opened.size(), 0, 0, null, null, null, kind);
      }
      return new Row(
          file,
          opened.size(),
          sidecar.firstTime(),
          sidecar.lastTime(),
          sidecar.start(),
          sidecar.end(),
          sidecar,
          "ok");
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      Sidecar known = view.sidecar(listed.id());
      if (!listed.archived() && !(e instanceof DamagedFileException && known != null)) {
        throw e;
      }
      return outOfReach(listed, known);
    }
  }

  /** A file of an archive that is not there, or one that is damaged. */
  private static Row outOfReach(ViewedFile file, @Nullable Sidecar known) {
    return known == null
        ? new Row(file, 0, 0, 0, null, null, null, "missing")
        : new Row(
            file,
            known.size(),
            known.firstTime(),
            known.lastTime(),
            known.start(),
            known.end(),
            known,
            "ok");
  }

  private static void print(PrintWriter out, Row row) {
    Sidecar sidecar = row.sidecar();
    out.printf(
        ROW,
        row.file().id().epoch(),
        row.file().id().name(),
        row.size(),
        row.file().diskBytes(),
        shownForm(row.file()),
        Times.text(row.firstTime()),
        Times.text(row.lastTime()),
        sidecar == null ? "-" : sidecar.sha256().substring(0, SHORT_HASH),
        shownEnd(row));
  }

  private static String shownEnd(Row row) {
    GtidState end = row.end();
    boolean known = row.sidecar() != null || row.kind().equals("growing");
    String shown =
        known && end != null ? oneLine(end.positionText()) : "(sidecar " + row.kind() + ")";
    String problem = row.file().problem();
    return problem.isEmpty() ? shown : shown + " (cannot be read: " + problem + ")";
  }

  private static String shownForm(ViewedFile file) {
    if (!file.problem().isEmpty()) {
      return "?@";
    }
    return file.archived() ? form(file) + "@" : form(file);
  }

  private static String form(ViewedFile file) {
    return switch (file.form()) {
      case PLAIN -> "plain";
      case ZSTD -> "zst";
      case SEALED -> "enc";
    };
  }

  /** MySQL breaks the text of a set into lines. */
  static String oneLine(String gtids) {
    return gtids.replace("\n", "");
  }

  private static @Nullable String text(@Nullable GtidState state) {
    return state == null ? null : oneLine(state.toString());
  }

  private static Map<String, @Nullable Object> document(Row row) {
    Sidecar sidecar = row.sidecar();
    SidecarChain chain = sidecar == null ? null : sidecar.chain();
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("epoch", row.file().id().epoch());
    document.put("file", row.file().id().name());
    document.put("size", row.size());
    document.put("disk_bytes", row.file().diskBytes());
    document.put("form", row.file().problem().isEmpty() ? form(row.file()) : null);
    document.put("archived", row.file().archived());
    document.put("first_time", row.firstTime() == 0 ? null : Times.text(row.firstTime()));
    document.put("last_time", row.lastTime() == 0 ? null : Times.text(row.lastTime()));
    document.put("gtid_start", text(row.start()));
    document.put("gtid_end", text(row.end()));
    document.put("sha256", sidecar == null ? null : sidecar.sha256());
    document.put("chain", chain == null ? null : chain.value());
    document.put("sidecar", row.kind().equals("growing") ? "none yet" : row.kind());
    document.put("growing", row.kind().equals("growing"));
    if (!row.file().problem().isEmpty()) {
      document.put("problem", row.file().problem());
    }
    return document;
  }
}
