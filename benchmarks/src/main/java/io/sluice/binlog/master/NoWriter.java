package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.sluice.benchmarks.micro.Checks;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.BinlogWriter;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.binlog.store.Watermark;
import io.sluice.binlog.store.WriterListener;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Stores nothing; checks that each byte would have come to its place. */
final class NoWriter implements BinlogWriter {
  private long position;
  private long bytes;
  private @Nullable CRC32 sum = new CRC32();

  @Override
  public void listener(WriterListener listener) {}

  @Override
  public CompletableFuture<ResumePoint> discardIncomplete() {
    return CompletableFuture.completedFuture(ResumePoint.EMPTY);
  }

  @Override
  public CompletableFuture<ResumePoint> beginEpoch(String why) {
    return discardIncomplete();
  }

  @Override
  public void startFile(String name) {
    position = BinlogFileFormat.FIRST_EVENT;
  }

  @Override
  public boolean append(long at, ByteBuf given) {
    int length = given.readableBytes();
    Checks.same("position", at, position);
    CRC32 open = sum;
    if (open != null) {
      Checks.add(open, given, given.readerIndex(), length);
    }
    position += length;
    bytes += length;
    given.release();
    return true;
  }

  @Override
  public Watermark durable() {
    return Watermark.EMPTY;
  }

  /** All bytes so far. */
  long bytes() {
    return bytes;
  }

  /** The sum of all bytes so far; nothing is summed up from now on. */
  long endSum() {
    CRC32 open = sum;
    sum = null;
    return open == null ? 0 : open.getValue();
  }
}
