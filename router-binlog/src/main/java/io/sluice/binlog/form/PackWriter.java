package io.sluice.binlog.form;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes a whole file in another form. One thread; blocks. */
public interface PackWriter extends Closeable {
  /** Takes the next bytes of the master's, all of them. */
  void write(ByteBuffer plain) throws IOException;

  /** Ends the file; it is durable when this returns. */
  void finish() throws IOException;
}
