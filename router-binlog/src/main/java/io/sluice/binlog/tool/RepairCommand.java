package io.sluice.binlog.tool;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DryRunDisk;
import io.sluice.binlog.store.RecoveryReport;
import io.sluice.binlog.store.StoreLockedException;
import io.sluice.binlog.store.StoreRepair;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Does what Sluice does at its start. */
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = {
      "Does what Sluice does when it opens the store: cuts off what a crash left behind the last"
          + " whole transaction, removes what was never visible, makes sidecars that are missing."
          + " What is dropped, the master can send again. Refused while Sluice runs.",
      "Exit code 0: no file is damaged. 1: one is, which no repair can help."
    })
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
final class RepairCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private SluiceBinlog tool;

  @Option(names = "--dry-run", description = "Only tells what would be done.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    StorePlace place = tool.place();
    Path directory = place.directory();
    PrintWriter out = spec.commandLine().getOut();
    RecoveryReport report;
    if (dryRun) {
      if (tool.view().isInUse()) {
        out.println("note: Sluice runs: what it is writing looks as if a crash had left it");
      }
      DryRunDisk disk = new DryRunDisk(Disk.LOCAL);
      report = StoreRepair.recover(disk, directory, place.archive(), place.keys());
      disk.changes().forEach(change -> out.println("would " + change));
    } else {
      try {
        report = StoreRepair.repair(directory, place.archive(), place.keys());
      } catch (StoreLockedException e) {
        throw new ToolException("store: " + directory + " is in use: stop Sluice first");
      }
    }
    print(out, report);
    out.flush();
    return report.problems().isEmpty() ? SluiceBinlog.FINE : SluiceBinlog.NOT_FINE;
  }

  private void print(PrintWriter out, RecoveryReport report) {
    String would = dryRun ? "would be " : "were ";
    for (String file : report.removedFiles()) {
      out.println(file + ": " + (dryRun ? "would be" : "was") + " removed: no complete head");
    }
    if (report.droppedBytes() > 0) {
      out.println(
          report.file()
              + ": "
              + report.droppedBytes()
              + " bytes "
              + would
              + "cut off behind "
              + report.end()
              + ": "
              + report.reason());
    }
    report.ignoredFiles().forEach(file -> out.println(file + ": note: is no file of this store"));
    report.problems().forEach(out::println);
    out.println("the log ends at " + report.file() + ":" + report.end());
  }
}
