package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileScannerTest {
  private static final int WINDOW = 256 << 10;

  /** Many to a window, one that fills it, some that do not fit, short ones behind them. */
  private static final int[] LENGTHS = lengths();

  private final byte[] file = file(LENGTHS);
  private final List<Integer> starts = starts();

  private static int[] lengths() {
    int[] lengths = new int[4000];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = 23 + i * 37 % 400;
    }
    lengths[1000] = WINDOW;
    lengths[1001] = WINDOW + 1;
    lengths[2000] = 3 * WINDOW;
    lengths[2001] = WINDOW - 5;
    return lengths;
  }

  private static byte[] file(int[] lengths) {
    ByteBuf out = Unpooled.buffer().writeBytes(BinlogFileFormat.magic());
    for (int length : lengths) {
      int at = out.writerIndex();
      out.writeIntLE(at).writeByte(EventType.WRITE_ROWS_V1.code()).writeIntLE(1);
      out.writeIntLE(length).writeIntLE(at + length).writeShortLE(0);
      while (out.writerIndex() < at + length) {
        out.writeByte(out.writerIndex() * 31 >> 3);
      }
      EventChecksum.seal(out, at, length);
    }
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  private static List<Integer> starts() {
    List<Integer> starts = new ArrayList<>();
    int at = BinlogFileFormat.FIRST_EVENT;
    for (int length : LENGTHS) {
      starts.add(at);
      at += length;
    }
    return starts;
  }

  private static FileScanner scanner(byte[] bytes, long end, boolean verify) {
    FileScanner scan =
        new FileScanner(
            (at, target) -> {
              int count = (int) Math.max(0, Math.min(target.remaining(), bytes.length - at));
              target.put(bytes, (int) at, count);
              return count;
            },
            BinlogFileFormat.FIRST_EVENT,
            end,
            verify);
    scan.checksums(true);
    return scan;
  }

  /** Walks on to the end and tells how many events there were. */
  private static int count(FileScanner scan) throws IOException {
    int count = 0;
    while (scan.next()) {
      count++;
    }
    assertThat(scan.next()).isFalse();
    return count;
  }

  private void put(int at, int value) {
    Unpooled.wrappedBuffer(file).setIntLE(at, value);
  }

  private void seal(int event) {
    EventChecksum.seal(Unpooled.wrappedBuffer(file), starts.get(event), LENGTHS[event]);
  }

  private void assertStopsAt(int event, String reason) throws IOException {
    FileScanner scan = scanner(file, file.length, true);
    assertThat(count(scan)).isEqualTo(event);
    assertThat(scan.stopReason()).isEqualTo(reason);
    assertThat(scan.position()).isEqualTo((long) starts.get(event));
    assertThat(scan.nextPosition()).isEqualTo((long) starts.get(event));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldShowEachEvent(boolean verify) throws IOException {
    FileScanner scan = scanner(file, file.length, verify);
    for (int i = 0; i < LENGTHS.length; i++) {
      assertThat(scan.next()).isTrue();
      int start = starts.get(i);
      assertThat(scan.position()).isEqualTo(start);
      assertThat(scan.nextPosition()).isEqualTo(start + LENGTHS[i]);
      assertThat(scan.length()).isEqualTo(LENGTHS[i]);
      assertThat(scan.available()).isEqualTo(Math.min(LENGTHS[i], WINDOW));
      assertThat(scan.window().writerIndex())
          .isGreaterThanOrEqualTo(scan.index() + scan.available());
      byte[] shown = new byte[scan.available()];
      scan.window().getBytes(scan.index(), shown);
      assertThat(shown).isEqualTo(Arrays.copyOfRange(file, start, start + shown.length));
    }
    assertThat(scan.next()).isFalse();
    assertThat(scan.stopReason()).isEmpty();
    assertThat(scan.endsEarly()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 500, 998, 1000, 1001, 1002, 1500, 2000, 2001, 2002, 3999})
  void shouldStopAtAnEventThatIsNotRight(int event) throws IOException {
    int start = starts.get(event);
    file[start] ^= 1;
    assertStopsAt(event, "event checksum is wrong");
    file[start] ^= 1;
    int last = start + LENGTHS[event] - 1;
    file[last] ^= (byte) 0x80;
    assertStopsAt(event, "event checksum is wrong");
    file[last] ^= (byte) 0x80;
    put(start + EventHeader.END_POSITION_OFFSET, 0x80000001);
    seal(event);
    assertStopsAt(event, "end position 2147483649 does not agree");
    put(start + EventHeader.END_POSITION_OFFSET, 0);
    seal(event);
    assertThat(count(scanner(file, file.length, true))).isEqualTo(LENGTHS.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 500, 1001, 1002, 3999})
  void shouldStopAtAnImpossibleLength(int event) throws IOException {
    int at = starts.get(event) + EventHeader.LENGTH_OFFSET;
    for (int length : new int[] {0, 18, (1 << 30) + 1, Integer.MIN_VALUE, -1}) {
      put(at, length);
      assertStopsAt(event, "event length " + Integer.toUnsignedLong(length) + " is impossible");
    }
    put(at, 1 << 30);
    assertStopsAt(event, "event is incomplete");
    put(at, 19);
    seal(event);
    put(starts.get(event) + EventHeader.END_POSITION_OFFSET, starts.get(event) + 19);
    assertStopsAt(event, "event checksum is wrong");
  }

  @Test
  void shouldStopAtAnEventThatIsNotAllThere() throws IOException {
    int last = LENGTHS.length - 1;
    int start = starts.get(last);
    for (int end = start; end < file.length; end++) {
      // Once the file is longer than what may be looked at, once it is not.
      for (byte[] bytes : new byte[][] {file, Arrays.copyOf(file, end)}) {
        FileScanner scan = scanner(bytes, end, true);
        assertThat(count(scan)).isEqualTo(last);
        int there = end - start;
        assertThat(scan.stopReason())
            .isEqualTo(
                there == 0
                    ? ""
                    : there < EventHeader.SIZE
                        ? "event header is incomplete"
                        : "event is incomplete");
        assertThat(scan.endsEarly()).isEqualTo(there > 0);
      }
    }
  }

  @Test
  void shouldCheckAFormatDescriptionWithoutItsFlag() throws IOException {
    int start = starts.get(7);
    file[start + EventHeader.TYPE_OFFSET] = (byte) EventType.FORMAT_DESCRIPTION.code();
    file[start + EventHeader.FLAGS_OFFSET] = 0;
    seal(7);
    file[start + EventHeader.FLAGS_OFFSET] = EventHeader.FLAG_IN_USE;
    FileScanner scan = scanner(file, file.length, true);
    scan.checksums(false);
    assertThat(count(scan)).isEqualTo(LENGTHS.length);
    file[start + EventHeader.FLAGS_OFFSET] = 2;
    scan = scanner(file, file.length, true);
    scan.checksums(false);
    assertThat(count(scan)).isEqualTo(7);
    assertThat(scan.stopReason()).isEqualTo("event checksum is wrong");
  }

  @Test
  void shouldCheckNothingThatItIsNotAskedToCheck() throws IOException {
    file[starts.get(3)] ^= 1;
    put(starts.get(4) + EventHeader.END_POSITION_OFFSET, 5);
    assertThat(count(scanner(file, file.length, false))).isEqualTo(LENGTHS.length);
    FileScanner scan = scanner(file, file.length, true);
    scan.checksums(false);
    assertThat(count(scan)).isEqualTo(4);
  }
}
