package io.sluice.binlog.tool;

import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.StoreView;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Checks files. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Reads files from end to end and checks all that is known of them: the checksum, length and"
          + " position of each event, SHA-256 and sidecars, the chain from file to file, numbers and"
          + " GTIDs without a gap, and the borders of epochs.",
      "Exit code 0: nothing is wrong. 1: something is. Notes do not count."
    })
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private SluiceBinlog tool;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "bin.000042, or 2/bin.000042 (default: all).")
  private List<String> names = new ArrayList<>();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    StoreView view = tool.view();
    Set<BinlogFileId> wanted = new LinkedHashSet<>();
    FileNames.resolve(view, names).forEach(file -> wanted.add(file.id()));
    PrintWriter out = spec.commandLine().getOut();
    List<Finding> findings = new ArrayList<>();
    StoreCheck check =
        new StoreCheck(
            view,
            finding -> {
              findings.add(finding);
              if (!json) {
                out.println(finding);
                out.flush();
              }
            });
    check.run(wanted);
    int wrong = StoreCheck.wrong(findings).size();
    if (json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("files", check.files());
      document.put("bytes", check.bytes());
      document.put("findings", findings);
      SluiceBinlog.print(out, document);
    } else {
      out.println(
          check.files() + " files, " + check.bytes() + " bytes read, " + wrong + " findings");
    }
    out.flush();
    return wrong == 0 ? SluiceBinlog.FINE : SluiceBinlog.NOT_FINE;
  }
}
