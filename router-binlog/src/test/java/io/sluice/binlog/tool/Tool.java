package io.sluice.binlog.tool;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Runs the command line in this process. */
record Tool(int exit, byte[] bytes, String errors) {

  static Tool run(Path store, String... arguments) {
    List<String> all = new ArrayList<>(List.of("--store", store.toString()));
    all.addAll(List.of(arguments));
    return run(all);
  }

  static Tool run(List<String> arguments) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    StringWriter errors = new StringWriter();
    CommandLine line =
        SluiceBinlog.commandLine(output)
            .setOut(SluiceBinlog.writer(output))
            .setErr(new PrintWriter(errors, true));
    int exit = line.execute(arguments.toArray(new String[0]));
    line.getOut().flush();
    return new Tool(exit, output.toByteArray(), errors.toString());
  }

  String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Lines of the output. */
  List<String> lines() {
    return text().lines().toList();
  }

  @Override
  public String toString() {
    return "exit " + exit + "\n" + text() + errors;
  }
}
