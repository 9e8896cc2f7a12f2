package io.sluice.binlog.feed;

import java.io.IOException;

/** Carries a {@link ReadFailure} from a loader to those who wait for the bytes. */
final class ReadException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient ReadFailure failure;

  ReadException(ReadFailure failure) {
    super(failure.detail());
    this.failure = failure;
  }

  ReadFailure failure() {
    return failure;
  }
}
