package io.sluice.binlog;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.store.BinlogWriter;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.binlog.store.Watermark;
import io.sluice.binlog.store.WriterListener;
import java.util.concurrent.CompletableFuture;

/** A writer that nobody writes to. */
final class IdleWriter implements BinlogWriter {
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
  public void startFile(String name) {}

  @Override
  public boolean append(long position, ByteBuf bytes) {
    bytes.release();
    return true;
  }

  @Override
  public Watermark durable() {
    return Watermark.EMPTY;
  }
}
