package io.sluice.binlog.tool;

/** A command cannot be run, for a reason that the message tells. */
final class ToolException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ToolException(String message) {
    super(message);
  }
}
