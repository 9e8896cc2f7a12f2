package io.sluice.binlog.sql.show;

import io.sluice.binlog.event.BinlogFormatException;

/**
 * A decoding table of zstd's finite state entropy (RFC 8878, section 4.1). Immutable once made.
 *
 * @param log the size of the table is two to this
 * @param symbols the symbol of each state
 * @param bits how many bits lead to the next state
 * @param bases what is added to these bits
 */
@SuppressWarnings("ArrayRecordComponent") // shared by the decoder alone
record ZstdTable(int log, int[] symbols, int[] bits, int[] bases) {

  /** A table with one symbol only. */
  static ZstdTable single(int symbol) {
    return new ZstdTable(0, new int[] {symbol}, new int[1], new int[1]);
  }

  /** From how often each symbol occurs; -1 for less than once. */
  static ZstdTable of(int log, int... counts) {
    int size = 1 << log;
    int[] symbols = new int[size];
    int[] next = new int[counts.length];
    int high = size;
    for (int s = 0; s < counts.length; s++) {
      if (counts[s] == -1) {
        high--;
        symbols[high] = s;
        next[s] = 1;
      }
    }
    spread(counts, symbols, next, high);
    int[] bits = new int[size];
    int[] bases = new int[size];
    for (int i = 0; i < size; i++) {
      int state = next[symbols[i]]++;
      bits[i] = log - (31 - Integer.numberOfLeadingZeros(state));
      bases[i] = (state << bits[i]) - size;
    }
    return new ZstdTable(log, symbols, bits, bases);
  }

  private static void spread(int[] counts, int[] symbols, int[] next, int high) {
    int size = symbols.length;
    int step = (size >> 1) + (size >> 3) + 3;
    int position = 0;
    for (int s = 0; s < counts.length; s++) {
      if (counts[s] <= 0) {
        continue;
      }
      next[s] = counts[s];
      for (int i = 0; i < counts[s]; i++) {
        symbols[position] = s;
        do {
          position = (position + step) & (size - 1);
        } while (position >= high);
      }
    }
    if (position != 0) {
      throw new BinlogFormatException("zstd: counts do not fill a table (expected: all of it)");
    }
  }

  /**
   * Reads the description of a table.
   *
   * @param in is behind it afterwards
   * @param maxLog the largest that is allowed
   * @param maxSymbols how many symbols there may be
   */
  static ZstdTable read(ZstdInput in, int maxLog, int maxSymbols) {
    int log = in.bits(4) + 5;
    if (log > maxLog) {
      throw new BinlogFormatException(
          "zstd: table of " + log + " (expected: up to " + maxLog + ")");
    }
    int[] counts = new int[maxSymbols];
    int remaining = 1 << log;
    int symbol = 0;
    while (remaining > 0) {
      if (symbol >= maxSymbols) {
        throw new BinlogFormatException("zstd: too many symbols (expected: " + maxSymbols + ")");
      }
      int count = count(in, remaining);
      remaining -= Math.abs(count);
      counts[symbol++] = count;
      if (count == 0) {
        symbol = zeros(in, symbol);
      }
    }
    if (remaining < 0) {
      throw new BinlogFormatException("zstd: counts exceed the table (expected: its size)");
    }
    in.align();
    return of(log, counts);
  }

  /** Small numbers take one bit less. */
  private static int count(ZstdInput in, int remaining) {
    int width = 32 - Integer.numberOfLeadingZeros(remaining + 1);
    int value = in.bits(width - 1);
    int threshold = (1 << width) - 1 - (remaining + 1);
    if (value >= threshold) {
      value |= in.bits(1) << (width - 1);
      if (value >= 1 << (width - 1)) {
        value -= threshold;
      }
    }
    return value - 1;
  }

  private static int zeros(ZstdInput in, int from) {
    int symbol = from;
    int repeat;
    do {
      repeat = in.bits(2);
      symbol += repeat;
    } while (repeat == 3);
    return symbol;
  }

  /** The state that a stream begins with. */
  int begin(ZstdBits stream) {
    return (int) stream.read(log);
  }

  /** The state behind a state. */
  int next(int state, ZstdBits stream) {
    return bases[state] + (int) stream.read(bits[state]);
  }
}
