package io.sluice.binlog.store;

import java.io.IOException;

/** A {@link WriterFailure} as the outcome of a command. */
public final class WriterFailedException extends IOException {
  private static final long serialVersionUID = 1L;
  private final transient WriterFailure failure;

  /** Wraps a failure. */
  public WriterFailedException(WriterFailure failure) {
    super(failure.message(), failure.cause());
    this.failure = failure;
  }

  /** The failure. */
  public WriterFailure failure() {
    return failure;
  }
}
