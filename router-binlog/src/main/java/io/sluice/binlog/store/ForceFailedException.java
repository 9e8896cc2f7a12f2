package io.sluice.binlog.store;

import java.io.IOException;

/**
 * Bytes that were written could not be made durable. The operating system may have dropped them by
 * now and call the next attempt a success, so nobody may rely on them any more.
 */
final class ForceFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  ForceFailedException(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
