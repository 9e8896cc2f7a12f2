package io.sluice.binlog.form;

import java.io.IOException;

/** A sealed file cannot be opened with the keys that are at hand. */
public final class MissingKeyException extends IOException {
  private static final long serialVersionUID = 1;

  MissingKeyException(String message) {
    super(message);
  }
}
