package io.sluice.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine;
import picocli.shell.jline3.PicocliJLineCompleter;

/** Reads commands from a terminal or pipe until {@code exit} or the end of input. */
final class InteractiveConsole {

  private static final String PROMPT = "sluice> ";

  private final Sluicectl command;

  InteractiveConsole(Sluicectl command) {
    this.command = command;
  }

  /** Runs; the exit code is that of the last command when input is not a terminal, else 0. */
  int run() {
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      boolean scripted =
          terminal.getType().equals(Terminal.TYPE_DUMB)
              || terminal.getType().equals(Terminal.TYPE_DUMB_COLOR);
      CommandLine line = Sluicectl.commandLine(command);
      PrintWriter out = terminal.writer();
      line.setOut(out);
      line.setErr(out);
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("sluicectl")
              .parser(new DefaultParser())
              .completer(new PicocliJLineCompleter(line.getCommandSpec()))
              .variable(LineReader.HISTORY_FILE, history())
              .variable(LineReader.HISTORY_IGNORE, "*password=*")
              .build();
      if (!scripted) {
        out.println("'help' lists the commands, 'exit' leaves.");
      }
      int last = loop(reader, line, scripted);
      return scripted ? last : 0;
    } catch (IOException e) {
      throw new AdminException("terminal: " + e.getMessage());
    }
  }

  private int loop(LineReader reader, CommandLine line, boolean scripted) {
    int last = 0;
    while (true) {
      try {
        String text = reader.readLine(scripted ? "" : PROMPT).trim();
        if (text.equals("exit") || text.equals("quit")) {
          return last;
        }
        if (!text.isEmpty()) {
          last = line.execute(words(reader.getParser(), text));
          line.getOut().flush();
        }
      } catch (UserInterruptException e) {
        // Ctrl-C drops the line, as in a shell.
      } catch (EndOfFileException e) {
        return last;
      }
    }
  }

  /**
   * The words of a line. JLine has an empty last word for a space at the end, which completion
   * leaves there, so spaces around the line go first.
   */
  static String[] words(Parser parser, String line) {
    String text = line.trim();
    return parser
        .parse(text, text.length(), Parser.ParseContext.ACCEPT_LINE)
        .words()
        .toArray(String[]::new);
  }

  private static Path history() {
    return Path.of(System.getProperty("user.home", "."), ".sluicectl_history");
  }
}
