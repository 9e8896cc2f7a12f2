package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.store.BinlogWriter;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.binlog.store.Watermark;
import io.sluice.binlog.store.WriterListener;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Keeps what is appended, file by file, and checks that it is appended at the right place. */
final class CollectingWriter implements BinlogWriter {
  final Map<String, ByteArrayOutputStream> files = new LinkedHashMap<>();
  String current = "";
  long position;
  boolean full;

  void resume(String file, long at) {
    current = file;
    position = at;
    files.put(file, new ByteArrayOutputStream());
  }

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
    resume(name, 4);
  }

  @Override
  public boolean append(long at, ByteBuf bytes) {
    assertThat(at).isEqualTo(position);
    byte[] copy = new byte[bytes.readableBytes()];
    bytes.readBytes(copy);
    bytes.release();
    position += copy.length;
    files.get(current).writeBytes(copy);
    return !full;
  }

  @Override
  public Watermark durable() {
    return Watermark.EMPTY;
  }

  byte[] stored(String file) {
    return files.get(file).toByteArray();
  }
}
