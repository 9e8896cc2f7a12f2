package io.sluice.mysql.wire;

import static java.util.Objects.requireNonNull;

import io.sluice.mysql.constant.ErrorCode;

/**
 * The other side broke the protocol. Peers can cause it at will, so it has no stack trace unless
 * {@code -Dsluice.debug.stacktraces=true}.
 */
public final class ProtocolException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final boolean STACK_TRACES = Boolean.getBoolean("sluice.debug.stacktraces");

  private final ErrorCode errorCode;

  /**
   * A broken rule.
   *
   * @param errorCode what a client is told
   * @param message {@code name: value (expected: …)}
   */
  public ProtocolException(ErrorCode errorCode, String message) {
    super(message, null, false, STACK_TRACES);
    this.errorCode = requireNonNull(errorCode, "errorCode");
  }

  /** A packet that cannot be decoded. */
  public static ProtocolException malformed(String message) {
    return new ProtocolException(ErrorCode.MALFORMED_PACKET, message);
  }

  /** What a client is told. */
  public ErrorCode errorCode() {
    return errorCode;
  }
}
