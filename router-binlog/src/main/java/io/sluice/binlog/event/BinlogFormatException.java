package io.sluice.binlog.event;

/**
 * Bytes that are not the event they claim to be. The only exception that decoders of this package
 * throw, whatever the input. It carries no stack trace, because a peer can cause it at any rate;
 * {@code -Dsluice.debug.stacktraces=true} brings it back.
 */
public final class BinlogFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final boolean STACK_TRACES = Boolean.getBoolean("sluice.debug.stacktraces");

  /**
   * Creates the exception.
   *
   * @param message what was found and what was expected
   */
  public BinlogFormatException(String message) {
    super(message, null, false, STACK_TRACES);
  }
}
