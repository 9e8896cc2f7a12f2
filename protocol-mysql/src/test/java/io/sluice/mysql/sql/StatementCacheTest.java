package io.sluice.mysql.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StatementCacheTest {

  private static final int ROUNDS = 10_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final StatementCache cache = new StatementCache();

  private Statement classify(String sql) {
    return classify(sql, Backslash.ESCAPES);
  }

  private Statement classify(String sql, Backslash backslash) {
    byte[] bytes = sql.getBytes(UTF_8);
    return cache.classify(Unpooled.wrappedBuffer(bytes), 0, bytes.length, backslash);
  }

  @Test
  void shouldGiveTheSameAnswerAgainWithoutLookingAtTheText() {
    Statement first = classify("SELECT @a");
    assertThat(first).isEqualTo(StatementClassifier.classify("SELECT @a"));
    assertThat(classify("SELECT @a")).isSameAs(first);
    assertThat(cache.misses()).isEqualTo(1);
  }

  @Test
  void shouldTellTextsApartByEachByte() {
    String read = "SELECT 1 FROM t WHERE a = 'x' AND b = 12345";
    classify(read);
    for (int i = 0; i < read.length(); i++) {
      String other = read.substring(0, i) + '~' + read.substring(i + 1);
      assertThat(classify(other)).isEqualTo(StatementClassifier.classify(other));
    }
    assertThat(cache.misses()).isEqualTo(1 + read.length());
  }

  @Test
  void shouldKeepApartWhatABackslashMeans() {
    String sql = "SELECT '\\'; DELETE FROM t; -- '";
    assertThat(classify(sql, Backslash.ESCAPES).isRead()).isTrue();
    assertThat(classify(sql, Backslash.PLAIN).isRead()).isFalse();
    assertThat(classify(sql, Backslash.UNKNOWN).isRead()).isFalse();
    assertThat(classify(sql, Backslash.ESCAPES).isRead()).isTrue();
  }

  @Test
  void shouldOnlyLookAtTheBuffer() {
    ByteBuf sql = Unpooled.directBuffer().writeBytes("..SELECT @a..".getBytes(UTF_8));
    sql.setIndex(1, 12);
    Statement direct = cache.classify(sql, 2, 9, Backslash.ESCAPES);
    assertThat(direct).isSameAs(classify("SELECT @a"));
    assertThat(sql.readerIndex()).isEqualTo(1);
    assertThat(sql.writerIndex()).isEqualTo(12);
    assertThat(sql.refCnt()).isEqualTo(1);
    sql.release();
  }

  @Test
  void shouldMakeNoObjectOnAHit() {
    ByteBuf direct = new UnpooledByteBufAllocator(true, true).directBuffer();
    direct.writeBytes("SELECT a FROM t WHERE b = 'c'".getBytes(UTF_8));
    ByteBuf array = Unpooled.wrappedBuffer("SELECT b FROM t".getBytes(UTF_8));
    hits(direct, array);
    // What the measurement makes by itself, or the compiler at a bad moment, is seldom and small.
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      hits(direct, array);
      fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(fewest).isLessThan(ROUNDS);
    assertThat(cache.misses()).isEqualTo(2);
    direct.release();
  }

  private void hits(ByteBuf... texts) {
    for (int i = 0; i < ROUNDS; i++) {
      for (ByteBuf text : texts) {
        cache.classify(text, 0, text.readableBytes(), Backslash.ESCAPES);
      }
    }
  }

  @Test
  void shouldNotGrowBeyondItsBounds() {
    String long3k = "SELECT '" + "x".repeat(3000) + "', ";
    for (int i = 0; i < StatementCache.TEXTS; i++) {
      assertThat(classify(long3k + i).isRead()).isTrue();
      assertThat(cache.bytes()).isLessThanOrEqualTo(StatementCache.BYTES);
    }
    assertThat(cache.bytes()).isGreaterThan(StatementCache.BYTES / 2);
    long before = cache.misses();
    classify(long3k + (StatementCache.TEXTS - 1));
    assertThat(cache.misses()).isEqualTo(before);
    classify(long3k + 0);
    assertThat(cache.misses()).isEqualTo(before + 1);
  }

  @Test
  void shouldClassifyLongTextsWithoutKeepingThem() {
    String sql = "SELECT '" + "x".repeat(StatementCache.LONGEST) + "'";
    assertThat(classify(sql).isRead()).isTrue();
    ByteBuf direct = Unpooled.directBuffer();
    String longer = "DELETE FROM t WHERE a = '" + "x".repeat(100_000) + "'";
    direct.writeBytes(longer.getBytes(UTF_8));
    assertThat(cache.classify(direct, 0, direct.readableBytes(), Backslash.ESCAPES))
        .isEqualTo(Statement.of(StatementKind.WRITE));
    direct.release();
    assertThat(cache.bytes()).isZero();
  }

  @Test
  void shouldBeOneForEachThread() throws Exception {
    AtomicReference<StatementCache> other = new AtomicReference<>();
    Thread thread = new Thread(() -> other.set(StatementCache.local()));
    thread.start();
    thread.join();
    assertThat(StatementCache.local()).isSameAs(StatementCache.local()).isNotSameAs(other.get());
  }
}
