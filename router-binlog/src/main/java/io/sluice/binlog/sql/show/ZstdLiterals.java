package io.sluice.binlog.sql.show;

import io.sluice.binlog.event.BinlogFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The literals of zstd's blocks (RFC 8878, sections 3.1.1.3.1 and 4.2): the Huffman code of a block
 * may serve those behind it too. Not thread-safe.
 */
final class ZstdLiterals {
  private static final int MAX_SIZE = 1 << 17;
  private static final int MAX_BITS = 11;
  private static final int MAX_WEIGHTS = 256;
  private static final int RAW = 0;
  private static final int RLE = 1;
  private static final int TREELESS = 3;

  private byte @Nullable [] symbols;
  private byte[] lengths = new byte[0];
  private int maxBits;

  /** Reads the literals of a block. */
  byte[] read(ZstdInput in) {
    int head = in.bytes()[in.position()] & 0xff;
    int type = head & 3;
    int format = (head >> 2) & 3;
    if (type == RAW || type == RLE) {
      return plain(in, type, format);
    }
    int headLength = format < 2 ? 3 : format + 2;
    int width = format < 2 ? 10 : format == 2 ? 14 : 18;
    long value = in.number(headLength) >> 4;
    int size = (int) (value & ((1 << width) - 1));
    int packed = (int) (value >> width & ((1 << width) - 1));
    requireSize(size);
    ZstdInput body = in.slice(packed);
    if (type != TREELESS) {
      tree(body);
    }
    byte[] out = new byte[size];
    if (format == 0) {
      stream(body, body.left(), out, 0, size);
    } else {
      streams(body, out);
    }
    return out;
  }

  private static void requireSize(int size) {
    if (size > MAX_SIZE) {
      throw new BinlogFormatException(
          "zstd: " + size + " literals (expected: up to " + MAX_SIZE + ")");
    }
  }

  private static byte[] plain(ZstdInput in, int type, int format) {
    int headLength = format == 1 ? 2 : format == 3 ? 3 : 1;
    int size = (int) (in.number(headLength) >> (headLength == 1 ? 3 : 4));
    requireSize(size);
    byte[] out = new byte[size];
    if (type == RLE) {
      java.util.Arrays.fill(out, (byte) in.u8());
    } else {
      System.arraycopy(in.bytes(), in.take(size), out, 0, size);
    }
    return out;
  }

  private void streams(ZstdInput body, byte[] out) {
    int[] sizes = new int[4];
    for (int i = 0; i < 3; i++) {
      sizes[i] = (int) body.number(2);
    }
    sizes[3] = body.left() - sizes[0] - sizes[1] - sizes[2];
    int part = (out.length + 3) / 4;
    for (int i = 0; i < 4; i++) {
      int from = Math.min(out.length, i * part);
      stream(body, sizes[i], out, from, i == 3 ? out.length : Math.min(out.length, from + part));
    }
  }

  private void stream(ZstdInput body, int length, byte[] out, int from, int to) {
    byte[] code = symbols;
    if (code == null) {
      throw new BinlogFormatException("zstd: no Huffman code (expected: one of a block before)");
    }
    ZstdBits bits = new ZstdBits(body.bytes(), body.take(length), length);
    for (int i = from; i < to; i++) {
      int index = (int) bits.peek(maxBits);
      out[i] = code[index];
      bits.skip(lengths[index]);
    }
    if (bits.left() != 0) {
      throw new BinlogFormatException("zstd: " + bits.left() + " bits left (expected: 0)");
    }
  }

  private void tree(ZstdInput body) {
    int head = body.u8();
    int[] weights = new int[MAX_WEIGHTS];
    int count;
    if (head >= 128) {
      count = head - 127;
      ZstdInput direct = body.slice((count + 1) / 2);
      for (int i = 0; i < count; i += 2) {
        int two = direct.u8();
        weights[i] = two >> 4;
        weights[i + 1] = two & 0xf;
      }
      weights[count] = 0;
    } else {
      count = weights(body.slice(head), weights);
    }
    build(weights, count);
  }

  /** Two states take turns until the bits are used up. */
  private static int weights(ZstdInput in, int[] weights) {
    ZstdTable table = ZstdTable.read(in, 6, MAX_BITS + 2);
    int length = in.left();
    ZstdBits bits = new ZstdBits(in.bytes(), in.take(length), length);
    int[] states = {table.begin(bits), table.begin(bits)};
    int count = 0;
    for (int turn = 0; ; turn ^= 1) {
      if (count + 2 >= MAX_WEIGHTS) {
        throw new BinlogFormatException("zstd: too many weights (expected: " + MAX_WEIGHTS + ")");
      }
      weights[count++] = table.symbols()[states[turn]];
      states[turn] = table.next(states[turn], bits);
      if (bits.left() < 0) {
        weights[count++] = table.symbols()[states[turn ^ 1]];
        return count;
      }
    }
  }

  /** The last weight is what is missing to a power of two. */
  private void build(int[] weights, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[i] == 0 ? 0 : 1 << (weights[i] - 1);
    }
    int bits = 32 - Integer.numberOfLeadingZeros(sum);
    int missing = (1 << bits) - sum;
    if (sum == 0 || bits > MAX_BITS || Integer.bitCount(missing) != 1) {
      throw new BinlogFormatException("zstd: weights " + sum + " (expected: a Huffman code)");
    }
    weights[count] = 32 - Integer.numberOfLeadingZeros(missing);
    byte[] code = new byte[1 << bits];
    byte[] widths = new byte[1 << bits];
    int at = 0;
    for (int weight = 1; weight <= bits; weight++) {
      for (int symbol = 0; symbol <= count; symbol++) {
        if (weights[symbol] == weight) {
          for (int i = 0; i < 1 << (weight - 1); i++, at++) {
            code[at] = (byte) symbol;
            widths[at] = (byte) (bits + 1 - weight);
          }
        }
      }
    }
    symbols = code;
    lengths = widths;
    maxBits = bits;
  }
}
