package io.sluice.benchmarks.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.sql.Backslash;
import io.sluice.mysql.sql.Statement;
import io.sluice.mysql.sql.StatementCache;
import io.sluice.mysql.sql.StatementClassifier;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What it costs to know what a statement is: when the cache has its text, when it has not, and
 * without a cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClassifierBenchmark {

  /** Which statement. */
  public enum Text {
    /** As short as it gets. */
    SHORTEST("SELECT 1"),
    /** One row by its key. */
    POINT("SELECT c FROM sbtest7 WHERE id = 500123"),
    /** What a mapper of objects makes: some joins, names in quotes. */
    JOIN(
        "SELECT `o`.`id` AS `o_id`, `o`.`created_at` AS `o_created`, `c`.`name` AS `c_name`,"
            + " COUNT(`i`.`id`) AS `items`, SUM(`i`.`price` * `i`.`quantity`) AS `total`"
            + " FROM `orders` `o` INNER JOIN `customers` `c` ON `c`.`id` = `o`.`customer_id`"
            + " LEFT JOIN `order_items` `i` ON `i`.`order_id` = `o`.`id`"
            + " WHERE `o`.`state` IN ('new', 'paid') AND `c`.`country` = 'SE'"
            + " GROUP BY `o`.`id` ORDER BY `o`.`created_at` DESC LIMIT 20"),
    /** A change with a long text in it. */
    INSERT(
        "INSERT INTO articles (title, body, author_id, created_at) VALUES ('A title', '"
            + "Lorem ipsum dolor sit amet, consectetur adipiscing elit. ".repeat(16)
            + "', 17, NOW())"),
    /** Read twice, because of the backslash in double quotes. */
    TWO_READINGS("SELECT id FROM t WHERE data = \"{\\\"key\\\": \\\"value\\\"}\" AND id > 7");

    private final String sql;

    Text(String sql) {
      this.sql = sql + " /* 0000000 */";
    }
  }

  private static final int COUNTER_AT_END = 4;
  private static final int COUNTER_DIGITS = 7;

  /** The statement. */
  @Param public Text text = Text.SHORTEST;

  private final StatementCache cache = StatementCache.local();
  private ByteBuf sql = Unpooled.EMPTY_BUFFER;
  private byte[] array = {};
  private int number;

  /** Puts the text where one from a socket would be. */
  @Setup
  public void fill() {
    array = text.sql.getBytes(US_ASCII);
    sql = Unpooled.directBuffer(array.length).writeBytes(array);
  }

  /** The text that came before. */
  @Benchmark
  public Statement hit() {
    return cache.classify(sql, 0, array.length, Backslash.ESCAPES);
  }

  /** A text that did not come for a million texts. */
  @Benchmark
  public Statement miss() {
    int left = ++number;
    int at = array.length - COUNTER_AT_END;
    for (int i = 0; i < COUNTER_DIGITS; i++) {
      sql.setByte(at - i, '0' + left % 10);
      left /= 10;
    }
    return cache.classify(sql, 0, array.length, Backslash.ESCAPES);
  }

  /** The lexer and the parser alone. */
  @Benchmark
  public Statement classifier() {
    return StatementClassifier.classify(array, 0, array.length, Backslash.ESCAPES);
  }
}
