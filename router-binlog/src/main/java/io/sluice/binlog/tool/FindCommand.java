package io.sluice.binlog.tool;

import io.sluice.binlog.gtid.GtidState;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Tells where transactions are. */
@Command(
    name = "find",
    mixinStandardHelpOptions = true,
    description = {
      "Tells where transactions begin: EPOCH/FILE:POSITION. After a change of the master one can be"
          + " in two epochs. What was found nowhere is called purged (it was before the oldest file)"
          + " or not here.",
      "Exit code 0: all of them were found. 1: not all."
    })
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
final class FindCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private SluiceBinlog tool;

  @Parameters(
      paramLabel = "GTID",
      arity = "0..1",
      description =
          "MariaDB: 0-1-100, or several with commas. MySQL: a set such as uuid:1-5:9,uuid:tag:7.")
  private @Nullable String gtids;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      description =
          "The first transaction that has an event which is not older, such as '2026-11-21"
              + " 10:00:00'; UTC if no zone is told.")
  private @Nullable String time;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  private final List<Map<String, Object>> found = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    GtidFinder finder = new GtidFinder(tool.view(), this::found);
    if (gtids != null && time == null) {
      GtidQuery query = GtidQuery.parse(gtids);
      finder.find(query);
      GtidState purged = finder.purged();
      return answer(query.missingIn(purged), query.missingBehind(purged));
    }
    if (gtids == null && time != null) {
      long seconds = Times.parse(time);
      boolean any = finder.findTime(seconds);
      return answer("", any ? "" : "a transaction since " + Times.text(seconds));
    }
    throw new CommandLine.ParameterException(
        spec.commandLine(), "find: GTID or --time (expected: one of both)");
  }

  private void found(GtidFinder.Place place) {
    if (!json) {
      String gtid = place.gtid().isEmpty() ? "" : place.gtid() + "\t";
      PrintWriter out = spec.commandLine().getOut();
      out.println(gtid + place.file() + ":" + place.position());
      return;
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("gtid", place.gtid());
    document.put("epoch", place.file().epoch());
    document.put("file", place.file().name());
    document.put("position", place.position());
    found.add(document);
  }

  private int answer(String purged, String missing) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      SluiceBinlog.print(out, Map.of("found", found, "purged", purged, "not_here", missing));
    } else {
      if (!purged.isEmpty()) {
        out.println("purged: " + purged);
      }
      if (!missing.isEmpty()) {
        out.println("not here: " + missing);
      }
    }
    out.flush();
    return purged.isEmpty() && missing.isEmpty() ? SluiceBinlog.FINE : SluiceBinlog.NOT_FINE;
  }
}
