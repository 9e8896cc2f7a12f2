package io.sluice.binlog.sql.show;

import io.sluice.binlog.event.BinlogFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks zstd (RFC 8878) without dictionaries, which MySQL packs transactions with. One use; not
 * thread-safe.
 */
final class ZstdDecoder {
  private static final long MAGIC = 0xFD2FB528L;
  private static final long SKIPPABLE = 0x184D2A50L;
  private static final int MAX_BLOCK = 1 << 17;

  private static final ZstdTable LITERAL_LENGTHS =
      ZstdTable.of(
          6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1,
          1, 1, 1, -1, -1, -1, -1);
  private static final ZstdTable MATCH_LENGTHS =
      ZstdTable.of(
          6, 1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
          1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1);
  private static final ZstdTable OFFSETS =
      ZstdTable.of(
          5, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1,
          -1);

  /** Bits behind the codes of literal lengths from 16 on, and of match lengths from 32 on. */
  private static final int[] LITERAL_BITS = {
    1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
  };

  private static final int[] MATCH_BITS = {
    1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
  };

  private final byte[] out;
  private final long[] offsets = new long[3];
  private ZstdLiterals literals = new ZstdLiterals();
  private @Nullable ZstdTable literalLengths;
  private @Nullable ZstdTable matchLengths;
  private @Nullable ZstdTable offsetCodes;
  private int size;

  private ZstdDecoder(int size) {
    this.out = new byte[size];
  }

  /**
   * Unpacks.
   *
   * @param size how many bytes come out
   */
  static byte[] unpack(byte[] packed, int size) {
    ZstdDecoder decoder = new ZstdDecoder(size);
    ZstdInput in = new ZstdInput(packed, 0, packed.length);
    while (in.left() > 0) {
      decoder.frame(in);
    }
    if (decoder.size != size) {
      throw new BinlogFormatException("zstd: " + decoder.size + " bytes (expected: " + size + ")");
    }
    return decoder.out;
  }

  private void frame(ZstdInput in) {
    long magic = in.number(4);
    if ((magic & ~0xfL) == SKIPPABLE) {
      in.take((int) in.number(4));
      return;
    }
    if (magic != MAGIC) {
      throw new BinlogFormatException("zstd: magic " + magic + " (expected: " + MAGIC + ")");
    }
    boolean checksum = head(in);
    offsets[0] = 1;
    offsets[1] = 4;
    offsets[2] = 8;
    literals = new ZstdLiterals();
    literalLengths = null;
    matchLengths = null;
    offsetCodes = null;
    boolean last;
    do {
      int head = (int) in.number(3);
      last = (head & 1) != 0;
      block(in, (head >> 1) & 3, head >> 3);
    } while (!last);
    if (checksum) {
      in.take(4); // the event has one of its own
    }
  }

  /** Whether a checksum follows the blocks. */
  private static boolean head(ZstdInput in) {
    int flags = in.u8();
    boolean single = (flags & 0x20) != 0;
    if (!single) {
      in.u8(); // what a decoder must remember: here it is everything
    }
    if ((flags & 3) != 0) {
      throw new BinlogFormatException("zstd: a dictionary (expected: none)");
    }
    int length = flags >> 6 == 0 ? (single ? 1 : 0) : 1 << (flags >> 6);
    in.take(length);
    return (flags & 4) != 0;
  }

  private void block(ZstdInput in, int type, int length) {
    switch (type) {
      case 0 -> append(in.bytes(), in.take(length), length);
      case 1 -> {
        byte value = (byte) in.u8();
        room(length);
        java.util.Arrays.fill(out, size, size + length, value);
        size += length;
      }
      case 2 -> {
        if (length > MAX_BLOCK) {
          throw new BinlogFormatException(
              "zstd: block of " + length + " (expected: up to " + MAX_BLOCK + ")");
        }
        sequences(in.slice(length));
      }
      default -> throw new BinlogFormatException("zstd: block type 3 (expected: 0 to 2)");
    }
  }

  private void room(long length) {
    if (length > out.length - size) {
      throw new BinlogFormatException("zstd: too long (expected: " + out.length + " bytes)");
    }
  }

  private void append(byte[] from, int at, int length) {
    room(length);
    System.arraycopy(from, at, out, size, length);
    size += length;
  }

  private void sequences(ZstdInput in) {
    byte[] text = literals.read(in);
    int count = in.u8();
    if (count >= 128) {
      count = count < 255 ? ((count - 128) << 8) + in.u8() : (int) in.number(2) + 0x7f00;
    }
    int used = 0;
    if (count > 0) {
      int modes = in.u8();
      ZstdTable lengths = table(in, modes >> 6, LITERAL_LENGTHS, literalLengths, 9, 36);
      literalLengths = lengths;
      ZstdTable codes = table(in, (modes >> 4) & 3, OFFSETS, offsetCodes, 8, 32);
      offsetCodes = codes;
      ZstdTable matches = table(in, (modes >> 2) & 3, MATCH_LENGTHS, matchLengths, 9, 53);
      matchLengths = matches;
      int left = in.left();
      ZstdBits bits = new ZstdBits(in.bytes(), in.take(left), left);
      used = run(bits, count, text, new ZstdTable[] {lengths, codes, matches});
    }
    append(text, used, text.length - used);
  }

  private static ZstdTable table(
      ZstdInput in,
      int mode,
      ZstdTable predefined,
      @Nullable ZstdTable before,
      int maxLog,
      int symbols) {
    return switch (mode) {
      case 0 -> predefined;
      case 1 -> ZstdTable.single(in.u8());
      case 2 -> ZstdTable.read(in, maxLog, symbols);
      default -> {
        if (before == null) {
          throw new BinlogFormatException("zstd: no table (expected: one of a block before)");
        }
        yield before;
      }
    };
  }

  /** Literals and copies of what came before take turns; how many literals were used. */
  private int run(ZstdBits bits, int count, byte[] text, ZstdTable[] tables) {
    int lengths = tables[0].begin(bits);
    int codes = tables[1].begin(bits);
    int matches = tables[2].begin(bits);
    int used = 0;
    for (int i = 0; i < count; i++) {
      int code = tables[1].symbols()[codes];
      long offset = (1L << code) + bits.read(code);
      int match = matchLength(tables[2].symbols()[matches], bits);
      int length = literalLength(tables[0].symbols()[lengths], bits);
      if (length > text.length - used) {
        throw new BinlogFormatException("zstd: literals used up (expected: " + length + ")");
      }
      append(text, used, length);
      used += length;
      copy(distance(offset, length), match);
      if (i + 1 < count) {
        lengths = tables[0].next(lengths, bits);
        matches = tables[2].next(matches, bits);
        codes = tables[1].next(codes, bits);
      }
    }
    if (bits.left() != 0) {
      throw new BinlogFormatException("zstd: " + bits.left() + " bits left (expected: 0)");
    }
    return used;
  }

  private static int value(int code, int first, int base, int[] widths, ZstdBits bits) {
    int value = base;
    int index = code - first;
    if (index >= widths.length) {
      throw new BinlogFormatException("zstd: length code " + code + " (expected: less)");
    }
    for (int i = 0; i < index; i++) {
      value += 1 << widths[i];
    }
    return value + (int) bits.read(widths[index]);
  }

  private static int literalLength(int code, ZstdBits bits) {
    return code < 16 ? code : value(code, 16, 16, LITERAL_BITS, bits);
  }

  private static int matchLength(int code, ZstdBits bits) {
    return code < 32 ? code + 3 : value(code, 32, 35, MATCH_BITS, bits);
  }

  /** The last three distances have short numbers. */
  private long distance(long number, int literalLength) {
    if (number > 3) {
      remember(number - 3, 2);
      return number - 3;
    }
    int index = (int) number - 1 + (literalLength == 0 ? 1 : 0);
    long distance = index == 3 ? offsets[0] - 1 : offsets[index];
    remember(distance, Math.min(index, 2));
    return distance;
  }

  /** In front of the others, in the place of one of them. */
  private void remember(long distance, int index) {
    for (int i = index; i > 0; i--) {
      offsets[i] = offsets[i - 1];
    }
    offsets[0] = distance;
  }

  private void copy(long distance, int length) {
    if (distance <= 0 || distance > size) {
      throw new BinlogFormatException(
          "zstd: distance " + distance + " (expected: up to " + size + ")");
    }
    room(length);
    int from = size - (int) distance;
    for (int i = 0; i < length; i++) {
      out[size + i] = out[from + i];
    }
    size += length;
  }
}
