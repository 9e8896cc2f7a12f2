package io.sluice.binlog.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ZstdSeekableTest {
  private static final int SUMMARY = 72;
  private static final int ENTRY = 12;
  private static final int FOOTER = 9;

  /** Bytes that shrink, but are different everywhere. */
  private static byte[] plain(int size, long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : i);
    }
    return bytes;
  }

  private static MemoryFile pack(byte[] plain, int frameSize) throws IOException {
    MemoryFile file = new MemoryFile(new byte[0]);
    try (ZstdSeekableWriter writer = new ZstdSeekableWriter(file, 3, frameSize)) {
      ByteBuffer source = ByteBuffer.wrap(plain);
      for (int piece = 1; source.hasRemaining(); piece = piece * 3 + 1) {
        source.limit(Math.min(plain.length, source.position() + piece));
        writer.write(source);
        source.limit(plain.length);
      }
      writer.finish();
      assertThat(file.forced).isEqualTo(file.size());
    }
    return file;
  }

  private static ZstdSeekableBytes open(MemoryFile file) throws IOException {
    return ZstdSeekableBytes.open(file, "bin.000001.zst", new FrameCache(1 << 20));
  }

  private static byte[] all(StoredBytes bytes) throws IOException {
    assertThat(bytes.size()).isLessThan(1 << 26);
    ByteBuffer target = ByteBuffer.allocate((int) bytes.size());
    assertThat(bytes.read(target, 0)).isEqualTo(target.capacity());
    return target.array();
  }

  @Test
  void shouldGiveTheBytesBackForAnySize() throws Exception {
    for (int size : new int[] {0, 1, 4, 99, 100, 101, 200, 1000, 12_345}) {
      byte[] plain = plain(size, size);
      try (ZstdSeekableBytes bytes = open(pack(plain, 100))) {
        assertThat(bytes.size()).isEqualTo(size);
        assertThat(all(bytes)).isEqualTo(plain);
        String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(plain));
        assertThat(bytes.sha256()).isEqualTo(hash);
        assertThat(bytes.read(ByteBuffer.allocate(1), size)).isZero();
        assertThat(bytes.read(ByteBuffer.allocate(1), size + 1L)).isZero();
      }
    }
  }

  @Test
  void shouldBeUnpackedByAnyZstd() throws Exception {
    byte[] plain = plain(1_500_000, 7);
    MemoryFile file = pack(plain, ZstdSeekableWriter.FRAME_SIZE);
    assertThat(file.size()).isLessThan(plain.length);
    try (ZstdInputStream stream = new ZstdInputStream(new ByteArrayInputStream(file.bytes))) {
      assertThat(stream.setContinuous(false).readAllBytes()).isEqualTo(plain);
    }
  }

  @Test
  void shouldReadAnyRange() throws Exception {
    byte[] plain = plain(50_000, 1);
    Random random = new Random(2);
    try (ZstdSeekableBytes bytes = open(pack(plain, 1000))) {
      for (int i = 0; i < 2000; i++) {
        int from = random.nextInt(plain.length);
        int length = random.nextInt(5000);
        ByteBuffer target = ByteBuffer.allocate(length);
        int got = bytes.read(target, from);
        assertThat(got).isEqualTo(Math.min(length, plain.length - from));
        assertThat(Arrays.copyOf(target.array(), got))
            .isEqualTo(Arrays.copyOfRange(plain, from, from + got));
      }
    }
  }

  @Test
  void shouldReadOnlyTheFramesThatAreAskedForAndEachOnce() throws Exception {
    byte[] plain = plain(100_000, 3);
    MemoryFile file = pack(plain, 1000);
    try (ZstdSeekableBytes bytes = open(file)) {
      int opening = file.reads;
      for (int i = 0; i < 10; i++) {
        bytes.read(ByteBuffer.allocate(1500), 50_700);
      }
      assertThat(file.reads - opening).isEqualTo(3);
    }
    assertThat(file.closed).isTrue();
  }

  @Test
  void shouldRefuseAFileThatWasCutAnywhere() throws Exception {
    MemoryFile whole = pack(plain(1000, 4), 300);
    for (int length = 0; length < whole.bytes.length; length++) {
      MemoryFile cut = new MemoryFile(Arrays.copyOf(whole.bytes, length));
      assertThatThrownBy(() -> open(cut))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("bin.000001.zst");
      assertThat(cut.closed).isTrue();
    }
  }

  /** Bits that no decoder looks at may be anything. */
  @Test
  void shouldNeverGiveWrongBytesWhateverBitIsWrong() throws Exception {
    byte[] plain = plain(1000, 5);
    MemoryFile whole = pack(plain, 300);
    int refused = 0;
    for (int bit = 0; bit < whole.bytes.length * 8; bit++) {
      byte[] flipped = whole.bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try (ZstdSeekableBytes bytes = open(new MemoryFile(flipped))) {
        assertThat(all(bytes)).as("bit %d", bit).isEqualTo(plain);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("bin.000001.zst");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(whole.bytes.length * 8 - 50);
  }

  @Test
  void shouldReadTheOtherFramesOfADamagedFile() throws Exception {
    byte[] plain = plain(1000, 6);
    MemoryFile file = pack(plain, 300);
    file.bytes[20] ^= 1;
    try (ZstdSeekableBytes bytes = open(file)) {
      assertThatThrownBy(() -> bytes.read(ByteBuffer.allocate(10), 0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("frame 0 is damaged");
      ByteBuffer target = ByteBuffer.allocate(700);
      assertThat(bytes.read(target, 300)).isEqualTo(700);
      assertThat(target.array()).isEqualTo(Arrays.copyOfRange(plain, 300, 1000));
    }
  }

  @Test
  void shouldRefuseFramesThatChangedPlaces() throws Exception {
    byte[] plain = new byte[600];
    new Random(8).nextBytes(plain);
    MemoryFile file = pack(plain, 300);
    int frame = (file.bytes.length - SUMMARY - 3 * ENTRY - FOOTER - 8) / 2;
    byte[] first = Arrays.copyOf(file.bytes, frame);
    System.arraycopy(file.bytes, frame, file.bytes, 0, frame);
    System.arraycopy(first, 0, file.bytes, frame, frame);
    try (ZstdSeekableBytes bytes = open(file)) {
      assertThatThrownBy(() -> all(bytes)).hasMessageContaining("checksum");
    }
  }

  @Test
  void shouldNotBelieveNumbersOfAForgedTable() throws Exception {
    byte[] honest = pack(plain(1000, 9), 300).bytes;
    Random random = new Random(10);
    int tail = SUMMARY + 5 * ENTRY + FOOTER + 8;
    int[] interesting = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x8000000, 300, 1 << 24};
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] forged = honest.clone();
      ByteBuffer end = ByteBuffer.wrap(forged).order(ByteOrder.LITTLE_ENDIAN);
      int at = forged.length - tail + random.nextInt(tail - 3);
      int value = interesting[random.nextInt(interesting.length)];
      end.putInt(at, random.nextBoolean() ? value : random.nextInt());
      sign(end, forged.length - tail, tail);
      try (ZstdSeekableBytes bytes = open(new MemoryFile(forged))) {
        long size = bytes.size();
        assertThat(size).isBetween(0L, 1200L);
        all(bytes);
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  /** As if who forged it knew how to make the checksum agree. */
  private static void sign(ByteBuffer file, int summary, int tail) {
    CRC32 sum = new CRC32();
    sum.update(file.duplicate().position(summary + 8).limit(summary + SUMMARY - 4));
    sum.update(file.duplicate().position(summary + SUMMARY + 8).limit(summary + tail - FOOTER));
    file.putInt(summary + SUMMARY - 4, (int) sum.getValue());
  }

  @Test
  void shouldRefuseAFileOfAnotherTool() throws Exception {
    byte[] foreign = Zstd.compress(plain(5000, 11));
    assertThatThrownBy(() -> open(new MemoryFile(foreign)))
        .hasMessageContaining("no seek table (expected: as it was written)");
    assertThatThrownBy(() -> open(new MemoryFile(new byte[5000])))
        .hasMessageContaining("no seek table");
  }
}
