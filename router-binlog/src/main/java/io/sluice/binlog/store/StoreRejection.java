package io.sluice.binlog.store;

import java.io.IOException;

/** What the writer was asked to do contradicts what is stored. */
final class StoreRejection extends IOException {
  private static final long serialVersionUID = 1L;
  private final WriterFailure.Kind kind;

  StoreRejection(WriterFailure.Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  WriterFailure.Kind kind() {
    return kind;
  }
}
