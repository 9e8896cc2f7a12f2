package io.sluice.mysql.sql;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What {@link StatementClassifier} said of the texts that came last, by their exact bytes. One for
 * each event loop, so that nobody waits; a hit makes no object.
 *
 * <p>A text may stand in one of few slots, where the one that was longest without use makes room
 * for a new one. Neither the number of texts nor their bytes together grow beyond the bounds,
 * whatever clients send.
 */
public final class StatementCache {

  /** Longer texts are seldom sent twice and cost the most room. */
  static final int LONGEST = 4096;

  /** How many texts there are at most. */
  static final int TEXTS = 4096;

  /** How many bytes all texts have together at most. */
  static final int BYTES = 2 * 1024 * 1024;

  private static final int WAYS = 4;

  /** Longer texts are copied to an array of their own where they have to be copied. */
  private static final int SCRATCH = 64 * 1024;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final FastThreadLocal<StatementCache> LOCAL =
      new FastThreadLocal<>() {
        @Override
        protected StatementCache initialValue() {
          return new StatementCache();
        }
      };

  private final @Nullable Entry[] slots = new @Nullable Entry[TEXTS];
  private final byte[] scratch = new byte[SCRATCH];
  private int bytes;
  private int hand;
  private long clock;
  private long misses;

  private static final class Entry {
    private final byte[] text;
    private final Backslash backslash;
    private final Statement statement;
    private long used;

    Entry(byte[] text, Backslash backslash, Statement statement) {
      this.text = text;
      this.backslash = backslash;
      this.statement = statement;
    }
  }

  /** The one of the current thread. */
  public static StatementCache local() {
    return LOCAL.get();
  }

  /**
   * What a text is; looks only.
   *
   * @param index where the text begins in the buffer
   * @param length how many bytes it has
   */
  public Statement classify(ByteBuf sql, int index, int length, Backslash backslash) {
    if (sql.hasArray()) {
      return classify(sql.array(), sql.arrayOffset() + index, length, backslash);
    }
    byte[] copy = length <= SCRATCH ? scratch : new byte[length];
    sql.getBytes(index, copy, 0, length);
    return classify(copy, 0, length, backslash);
  }

  private Statement classify(byte[] sql, int from, int length, Backslash backslash) {
    if (length > LONGEST) {
      return StatementClassifier.classify(sql, from, from + length, backslash);
    }
    int set = (hash(sql, from, length) & (TEXTS / WAYS - 1)) * WAYS;
    int oldest = set;
    long oldestUse = Long.MAX_VALUE;
    for (int i = set; i < set + WAYS; i++) {
      Entry entry = slots[i];
      if (entry == null) {
        oldest = i;
        oldestUse = Long.MIN_VALUE;
      } else if (entry.backslash == backslash
          && Arrays.equals(entry.text, 0, entry.text.length, sql, from, from + length)) {
        entry.used = ++clock;
        return entry.statement;
      } else if (entry.used < oldestUse) {
        oldest = i;
        oldestUse = entry.used;
      }
    }
    misses++;
    Statement statement = StatementClassifier.classify(sql, from, from + length, backslash);
    Entry entry = new Entry(Arrays.copyOfRange(sql, from, from + length), backslash, statement);
    entry.used = ++clock;
    put(oldest, entry);
    return statement;
  }

  private void put(int slot, Entry entry) {
    drop(slot);
    while (bytes + entry.text.length > BYTES) {
      drop(hand);
      hand = (hand + 1) % TEXTS;
    }
    bytes += entry.text.length;
    slots[slot] = entry;
  }

  private void drop(int slot) {
    Entry entry = slots[slot];
    if (entry != null) {
      bytes -= entry.text.length;
      slots[slot] = null;
    }
  }

  /** How many texts were not here. */
  long misses() {
    return misses;
  }

  /** How many bytes the texts have together. */
  int bytes() {
    return bytes;
  }

  private static int hash(byte[] sql, int from, int length) {
    long hash = length * 0x9E3779B97F4A7C15L;
    int i = from;
    int end = from + length;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      hash = (hash ^ (long) LONGS.get(sql, i)) * 0xFF51AFD7ED558CCDL;
      hash ^= hash >>> 32;
    }
    for (; i < end; i++) {
      hash = (hash ^ sql[i]) * 0xFF51AFD7ED558CCDL;
    }
    return (int) (hash ^ hash >>> 29 ^ hash >>> 47);
  }
}
