package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.feed.BinlogCursor;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.FileBinlogStore;
import io.sluice.binlog.store.StoreOptions;
import io.sluice.binlog.store.Watermark;
import io.sluice.binlog.store.WriterFailure;
import io.sluice.binlog.store.WriterListener;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32;

/**
 * Runs in a process of its own with little memory: one transaction of two gigabytes comes from a
 * master's stream, one of its events as large as a packet may be, goes through intake and store,
 * and is read again by a cursor. Both sides sum up what they see.
 */
final class BigTransaction {
  private static final String FILE = "big-bin.000001";
  private static final int MAX_PACKET = 0xffffff;
  private static final int LARGEST = (1 << 30) - 64;
  private static final int ORDINARY = 200_000;
  private static final int LARGE = 9 << 20;
  private static final int PIECE = 64 << 10;

  private final byte[] noise = new byte[PIECE];
  private final CRC32 sent = new CRC32();
  private final Semaphore room = new Semaphore(0);
  private final LinkedBlockingQueue<Watermark> published = new LinkedBlockingQueue<>();
  private final FileBinlogStore store;
  private final EventReceiver receiver;
  private volatile boolean full;
  private volatile String failure = "";
  private int sequence;
  private int packetLeft;
  private long payloadLeft;
  private long position;

  private BigTransaction(Path directory) throws Exception {
    new Random(1).nextBytes(noise);
    store = FileBinlogStore.open(directory, StoreOptions.defaults());
    store.writer().listener(new Listener());
    LinkCounters counters = new LinkCounters(Clock.systemUTC());
    receiver =
        new EventReceiver(
            store.writer(),
            ByteBufAllocator.DEFAULT,
            new EventIntake(store.writer().discardIncomplete().get(), "", 4, true, null, counters),
            counters,
            false,
            new EventReceiver.Listener() {
              @Override
              public void onQueueFull() {
                full = true;
              }

              @Override
              public void onFailed(LinkFailure reason) {
                failure = reason.message();
              }
            });
  }

  /** Of the writer. */
  private final class Listener implements WriterListener {
    @Override
    public void onQueueDrained() {
      room.release();
    }

    @Override
    public void onPublished(Watermark watermark) {
      published.add(watermark);
    }

    @Override
    public void onFailure(WriterFailure reason) {
      failure = reason.message();
      room.release();
    }
  }

  /** A piece of the connection's bytes; waits when the store is behind. */
  private void feed(ByteBuf bytes) throws InterruptedException {
    receiver.feed(bytes);
    if (full) {
      full = false;
      room.acquire();
    }
    if (!failure.isEmpty()) {
      throw new IllegalStateException(failure);
    }
  }

  private void beginPayload(long size) {
    payloadLeft = size;
    packetLeft = 0;
    sequence = (sequence + 1) & 0xff;
  }

  /** Bytes of a payload, cut into packets. */
  private void payload(byte[] bytes, int from, int length) throws InterruptedException {
    int at = from;
    int end = from + length;
    while (at < end) {
      ByteBuf out = ByteBufAllocator.DEFAULT.buffer(PIECE + 8);
      if (packetLeft == 0) {
        packetLeft = (int) Math.min(MAX_PACKET, payloadLeft);
        out.writeMediumLE(packetLeft).writeByte(sequence++ & 0xff);
      }
      int part = Math.min(end - at, packetLeft);
      out.writeBytes(bytes, at, part);
      at += part;
      packetLeft -= part;
      payloadLeft -= part;
      feed(out);
    }
  }

  /** A row event whose body is noise. */
  private void rows(int length) throws InterruptedException {
    ByteBuffer header = ByteBuffer.allocate(19).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(1_700_000_000).put((byte) 23).putInt(101).putInt(length);
    header.putInt((int) (position + length)).putShort((short) 0);
    CRC32 sum = new CRC32();
    beginPayload(length + 1L);
    payload(new byte[1], 0, 1);
    piece(header.array(), 19, sum);
    int left = length - 19 - 4;
    while (left > 0) {
      int part = Math.min(left, noise.length);
      piece(noise, part, sum);
      left -= part;
    }
    byte[] trailer =
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) sum.getValue()).array();
    piece(trailer, 4, sum);
    position += length;
  }

  private void piece(byte[] bytes, int length, CRC32 sum) throws InterruptedException {
    sum.update(bytes, 0, length);
    sent.update(bytes, 0, length);
    payload(bytes, 0, length);
  }

  private void events(byte[] file, int from) throws InterruptedException {
    byte[] all = new StreamBuilder().file(Arrays.copyOfRange(file, 0, file.length), from).bytes();
    feed(Unpooled.wrappedBuffer(all));
  }

  private void run(long total) throws Exception {
    feed(Unpooled.wrappedBuffer(new StreamBuilder().rotate(FILE, 4, true).bytes()));
    SyntheticLog log = new SyntheticLog().startFile().gtid(0, 101, 1, 0x0c);
    byte[] head = log.bytes();
    sent.update(head, 4, head.length - 4);
    events(head, 4);
    position = head.length;
    rows(LARGEST);
    while (position < total) {
      rows(position % 2 == 0 ? ORDINARY + 1 : LARGE);
    }
    int before = (int) Math.min(store.watermark().offset(), Integer.MAX_VALUE);
    if (before >= head.length) {
      throw new IllegalStateException("visible up to " + before + " before the transaction ended");
    }
    byte[] end = xid();
    sent.update(end);
    beginPayload(end.length + 1L);
    payload(new byte[1], 0, 1);
    payload(end, 0, end.length);
    position += end.length;
    read();
    store.close();
  }

  private byte[] xid() {
    ByteBuffer event = ByteBuffer.allocate(31).order(ByteOrder.LITTLE_ENDIAN);
    event.putInt(1_700_000_000).put((byte) 16).putInt(101).putInt(31);
    event.putInt((int) (position + 31)).putShort((short) 0).putLong(1);
    CRC32 sum = new CRC32();
    sum.update(event.array(), 0, 27);
    return event.putInt((int) sum.getValue()).array();
  }

  /** Reads it all as a replica does. */
  private void read() throws Exception {
    Watermark mark = published.take();
    while (mark.offset() < position) {
      mark = published.take();
    }
    CRC32 got = new CRC32();
    LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    try (BinlogFeed feed = new BinlogFeed(store, new FeedOptions(8 << 20, 8 << 20));
        BinlogCursor cursor = feed.openCursor(new BinlogFileId(1, FILE), 4, loop::add)) {
      while (cursor.position() < position) {
        switch (cursor.poll(() -> loop.add(() -> {}))) {
          case CHUNK -> {
            Chunk chunk = cursor.chunk();
            got.update(chunk.data().nioBuffer());
            chunk.release();
          }
          case WAIT_LOAD, WAIT_DATA -> loop.take().run();
          default -> throw new IllegalStateException(cursor.failure().detail());
        }
        if (!failure.isEmpty()) {
          throw new IllegalStateException(failure);
        }
      }
    }
    Watermark end = store.watermark();
    if (end.offset() != position || got.getValue() != sent.getValue()) {
      throw new IllegalStateException("read other bytes than were sent, up to " + end.offset());
    }
  }

  /** The directory and how many bytes. */
  public static void main(String[] arguments) throws Exception {
    new BigTransaction(Path.of(arguments[0])).run(Long.parseLong(arguments[1]));
  }
}
