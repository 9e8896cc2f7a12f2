package io.sluice.binlog.store;

import java.io.IOException;

/** A file cannot be brought into another form because its own bytes are not right. */
final class UnreadableSourceException extends IOException {
  private static final long serialVersionUID = 1;

  UnreadableSourceException(BinlogFileId file, String why) {
    super("binlog file: " + file + ": " + why);
  }

  UnreadableSourceException(BinlogFileId file, IOException cause) {
    super("binlog file: " + file + ": " + cause.getMessage(), cause);
  }
}
