package io.sluice.benchmarks.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of this module in a Java runtime of its own, so that what it costs is not mixed with
 * what is measured. Commands go to its standard input, answers come from its standard output, one
 * per line; its standard error is ours. Confined to one thread.
 */
public final class JavaChild implements AutoCloseable {
  private final Class<?> program;
  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private JavaChild(Class<?> program, Process process) {
    this.program = program;
    this.process = process;
    this.commands = process.outputWriter(UTF_8);
    this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Starts a class that has a main method. */
  public static JavaChild start(Class<?> program, List<String> jvmOptions, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new JavaChild(program, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process's number. */
  public long pid() {
    return process.pid();
  }

  /** Sends one line. */
  public void say(String line) {
    try {
      commands.write(line);
      commands.write('\n');
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the next line. */
  public String hear() {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException(program.getSimpleName() + " has ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the next line, which must begin so; returns the rest of it. */
  public String hear(String begins) {
    String line = hear();
    if (!line.startsWith(begins)) {
      throw new IllegalStateException(
          program.getSimpleName() + " said: " + line + " (expected: " + begins + ")");
    }
    return line.substring(begins.length()).strip();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
