package io.sluice.binlog.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.testkit.leak.LeakGuard;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkLoaderTest {
  private static final BinlogFileId FILE = new BinlogFileId(1, "bin.000001");
  private static final int START = 4;

  private final ByteBuffer file =
      ByteBuffer.allocate(3 * FeedOptions.GRID).order(ByteOrder.LITTLE_ENDIAN);
  private int end = START;
  private int reads;

  /** How a disk answers. */
  private interface Disk {
    int read(long position, ByteBuffer target) throws IOException;
  }

  private ChunkLoader loader(Disk disk) {
    return new ChunkLoader(
        (BinlogStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BinlogStore.class},
                (store, method, arguments) -> {
                  assertThat(method.getName()).isEqualTo("read");
                  return disk.read((long) arguments[1], (ByteBuffer) arguments[2]);
                }));
  }

  private int read(long position, ByteBuffer target) {
    reads++;
    int length = Math.min(target.remaining(), end - (int) position);
    target.put(file.array(), (int) position, length);
    return length;
  }

  private void events(int count, int length) {
    for (int i = 0; i < count; i++) {
      file.putInt(end + EventHeader.LENGTH_OFFSET, length);
      end += length;
    }
  }

  private ChunkLoader.Request request(long eventLength) {
    return new ChunkLoader.Request(FILE, START, START, eventLength, end);
  }

  @ParameterizedTest
  @CsvSource({"19,1", "200,1", "2000,1", "10000,2", "100000,2"})
  void shouldReadAChunkWithTheEndOfItsLastEvent(int length, int expected) throws Exception {
    events(FeedOptions.GRID / length + 2, length);
    Chunk chunk = loader(this::read).load(request(0));
    assertThat(chunk.end()).isGreaterThan(FeedOptions.GRID).isLessThan(FeedOptions.GRID + length);
    assertThat(chunk.length()).isEqualTo(chunk.events() * length);
    for (int i = 0; i <= chunk.events(); i++) {
      assertThat(chunk.offset(i)).isEqualTo(i * length);
    }
    assertThat(reads).isEqualTo(expected);
    chunk.release();
  }

  @Test
  void shouldReadOnceToTheEndOfTheLog() throws Exception {
    events(3, 100);
    Chunk chunk = loader(this::read).load(request(0));
    assertThat(chunk.end()).isEqualTo(end);
    assertThat(reads).isEqualTo(1);
    chunk.release();
  }

  @Test
  void shouldDeliverWhatStandsInFrontOfADamagedBlock() throws Exception {
    events(20, (FeedOptions.GRID - START) / 20);
    assertThat(end).isEqualTo(FeedOptions.GRID);
    events(20, 200);
    Disk damaged =
        (position, target) -> {
          if (position + target.remaining() > FeedOptions.GRID) {
            throw new IOException("damaged block");
          }
          return read(position, target);
        };
    Chunk chunk = loader(damaged).load(request(0));
    assertThat(chunk.end()).isEqualTo(FeedOptions.GRID);
    assertThat(chunk.events()).isEqualTo(20);
    chunk.release();
  }

  @ParameterizedTest
  @CsvSource({"1,0", "2,0", "1,600000"})
  void shouldGiveItsMemoryBackWhenThereIsNoMore(int failing, long eventLength) {
    LeakGuard.assertNone();
    events(5, 100_000);
    Disk poor =
        (position, target) -> {
          int length = read(position, target);
          if (reads == failing) {
            throw new OutOfMemoryError("none left");
          }
          return length;
        };
    assertThatThrownBy(() -> loader(poor).load(request(eventLength)))
        .isInstanceOf(OutOfMemoryError.class);
    LeakGuard.assertNone();
  }
}
