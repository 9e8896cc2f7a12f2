package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.ServerInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code bin/sluice-binlog} on the store of a Sluice process, and programs behind it. */
record BinlogTool(SluiceProcess sluice, Path directory) {
  private static final long LIMIT_SECONDS = 180;

  /** What a command left. */
  record Output(int exit, byte[] bytes, String errors) {
    String text() {
      return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    Output succeeded() {
      assertThat(exit).as(this::toString).isZero();
      return this;
    }

    @Override
    public String toString() {
      String text = text();
      return "exit " + exit + "\n" + errors + text.substring(0, Math.min(4000, text.length()));
    }
  }

  private ProcessBuilder builder(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(sluice.home().resolve("bin/sluice-binlog").toString());
    command.addAll(List.of("--config", directory.resolve("sluice.conf").toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** Runs a command. */
  Output run(String... arguments) throws IOException, InterruptedException {
    return pipe(directory, List.of(builder(arguments)));
  }

  /** Runs a command whose output a program of a server reads from its standard input. */
  Output into(
      ServerInstallation installation, String program, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(options);
    all.add("-");
    return pipe(directory, List.of(builder(arguments), program(installation, program, all)));
  }

  /** Runs a program of a server. */
  static Output server(
      Path directory, ServerInstallation installation, String program, List<String> options)
      throws IOException, InterruptedException {
    return pipe(directory, List.of(program(installation, program, options)));
  }

  private static ProcessBuilder program(
      ServerInstallation installation, String program, List<String> options) {
    List<String> all = new ArrayList<>(List.of("--no-defaults"));
    all.addAll(options);
    return installation.command(installation.tool(program).orElseThrow(), all);
  }

  private static Output pipe(Path directory, List<ProcessBuilder> builders)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "tool", ".out");
    Path errors = Files.createTempFile(directory, "tool", ".err");
    builders.forEach(b -> b.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile())));
    builders.get(builders.size() - 1).redirectOutput(out.toFile());
    List<Process> processes = ProcessBuilder.startPipeline(builders);
    int exit = 0;
    for (Process process : processes) {
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        processes.forEach(Process::destroyForcibly);
      }
      assertThat(ended).as("%s ends", process.info()).isTrue();
      exit = Math.max(exit, process.exitValue());
    }
    return new Output(exit, Files.readAllBytes(out), Files.readString(errors));
  }
}
