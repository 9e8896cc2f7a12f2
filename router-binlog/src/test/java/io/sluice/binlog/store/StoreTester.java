package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A store under test with a listener that remembers. */
public final class StoreTester implements AutoCloseable, WriterListener {
  public final FileBinlogStore store;
  final List<Watermark> published = new CopyOnWriteArrayList<>();
  final List<Watermark> durable = new CopyOnWriteArrayList<>();
  final List<WriterFailure> failures = new CopyOnWriteArrayList<>();
  final StoreOptions options;
  volatile int drained;
  private final IntakeMemory memory = new IntakeMemory(ByteBufAllocator.DEFAULT);
  private @Nullable ByteBuf shared;

  public StoreTester(Path directory) throws IOException {
    this(directory, StoreOptions.defaults().withSync(SyncPolicy.NONE), Disk.LOCAL);
  }

  /** On a disk of the test. */
  public StoreTester(Path directory, StoreOptions options, Disk disk) throws IOException {
    this.options = options;
    store = FileBinlogStore.open(directory, options, disk, Clock.systemUTC());
    store.writer().listener(this);
  }

  @Override
  public void onPublished(Watermark watermark) {
    published.add(watermark);
  }

  @Override
  public void onDurable(Watermark watermark) {
    durable.add(watermark);
  }

  @Override
  public void onFailure(WriterFailure failure) {
    failures.add(failure);
  }

  @Override
  public void onQueueDrained() {
    drained++;
  }

  public ResumePoint resume() {
    return get(store.writer().discardIncomplete());
  }

  /** Starts a file and appends all bytes behind the magic. */
  public void file(String name, byte[] bytes) {
    store.writer().startFile(name);
    append(4, bytes, 4, bytes.length);
  }

  /** Appends a part of a file's bytes at its place. */
  public void append(long position, byte[] file, int from, int to) {
    store.writer().append(position, given(position, file, from, to));
  }

  /** Bytes in memory of their own, or behind those before in memory that the writer shares. */
  private ByteBuf given(long position, byte[] file, int from, int to) {
    if ((position & 3) == 1) {
      return ByteBufAllocator.DEFAULT.buffer(to - from).writeBytes(file, from, to - from);
    }
    ByteBuf open = shared;
    if (open == null || open.writableBytes() < to - from) {
      letGo();
      open = memory.take();
      shared = open;
    }
    if (open.writableBytes() < to - from) {
      return ByteBufAllocator.DEFAULT.buffer(to - from).writeBytes(file, from, to - from);
    }
    int at = open.writerIndex();
    open.writeBytes(file, from, to - from);
    return open.retainedSlice(at, to - from);
  }

  private void letGo() {
    if (shared != null) {
      shared.release();
      shared = null;
    }
  }

  /** Appends in pieces of random size. */
  public void drip(byte[] file, int from, int to, Random random, int largest)
      throws InterruptedException {
    int at = from;
    while (at < to) {
      int end = Math.min(to, at + 1 + random.nextInt(largest));
      int before = drained;
      if (!store.writer().append(at, given(at, file, at, end))) {
        await(() -> drained > before || !failures.isEmpty());
      }
      at = end;
    }
  }

  /** Waits until everything given so far is handled. */
  public void awaitVisible(String file, long offset) {
    await(
        () -> store.watermark().file().name().equals(file) && store.watermark().offset() == offset);
  }

  public static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("condition in time").isLessThan(deadline);
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  public static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(60, TimeUnit.SECONDS).join();
  }

  static byte[] read(Path directory, String name) throws IOException {
    return Files.readAllBytes(directory.resolve("0001").resolve(name));
  }

  @Override
  public void close() {
    letGo();
    store.close();
    memory.close();
  }
}
