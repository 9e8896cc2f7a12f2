package io.sluice.filters.querylog;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One line of the log: fields with tabs between them. Immutable.
 *
 * @param time when the request came
 * @param session the number of the session
 * @param service the name of the service
 * @param user who
 * @param host from where
 * @param duration from the request to the end of its answer
 * @param rows how many rows the answer had
 * @param error the error number, 0 for none, -1 when the session ended before the answer
 * @param command what kind of request
 * @param statement its text
 */
record LogLine(
    Instant time,
    long session,
    String service,
    String user,
    String host,
    Duration duration,
    long rows,
    int error,
    String command,
    String statement) {

  /** The names of the fields, as the first line of a new file. */
  static final String HEADER =
      "# time\tsession\tservice\tuser\thost\tduration_ms\trows\terror\tcommand\tstatement\n";

  /** Appends the line, its end included. */
  void appendTo(StringBuilder out) {
    out.append(time.truncatedTo(ChronoUnit.MILLIS)).append('\t').append(session).append('\t');
    escape(service, out);
    escape(user, out.append('\t'));
    escape(host, out.append('\t'));
    long micros = duration.toNanos() / 1000;
    out.append('\t').append(micros / 1000).append('.');
    out.append(micros % 1000 / 100).append(micros % 100 / 10).append(micros % 10);
    out.append('\t').append(rows).append('\t').append(error).append('\t').append(command);
    escape(statement, out.append('\t'));
    out.append('\n');
  }

  /** One record stays one line, and fields stay apart. */
  private static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\\' -> out.append("\\\\");
        default -> out.append(c < ' ' ? '?' : c);
      }
    }
  }
}
