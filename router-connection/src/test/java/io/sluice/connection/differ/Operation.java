package io.sluice.connection.differ;

import java.sql.Connection;

/**
 * One thing that programs do.
 *
 * @param name for the report
 * @param body does it and notes what came of it
 */
public record Operation(String name, Body body) {

  /** The thing. */
  @FunctionalInterface
  public interface Body {
    void run(Connection connection, Transcript transcript) throws Exception;
  }

  /** Runs it; an exception out of it is noted like any other outcome. */
  public String run(Connection connection) {
    Transcript transcript = new Transcript();
    transcript.attempt(name, () -> body.run(connection, transcript));
    return transcript.toString();
  }

  /** Statements one after the other, each with all that it answers. */
  static Operation statements(String name, String... texts) {
    return new Operation(
        name,
        (connection, transcript) -> {
          for (String text : texts) {
            transcript.run(connection, text);
          }
        });
  }
}
