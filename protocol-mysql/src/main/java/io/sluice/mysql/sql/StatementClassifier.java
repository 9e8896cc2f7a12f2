package io.sluice.mysql.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Says what a statement does by its tokens. Stateless; any thread.
 *
 * <ol>
 *   <li>It never throws; what it does not understand is a {@link StatementKind#WRITE}.
 *   <li>It errs to one side: a read may be taken for a write, never the other way round. That holds
 *       for executable comments too, which some servers run and some do not.
 *   <li>It takes time linear to the length and reads the whole text, because a second statement may
 *       follow.
 * </ol>
 */
public final class StatementClassifier {

  /** Texts up to this size are copied to memory that is used again. */
  private static final int SCRATCH = 64 * 1024;

  private static final FastThreadLocal<byte[]> SCRATCHES =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[SCRATCH];
        }
      };

  private StatementClassifier() {}

  /**
   * Classifies the readable bytes, which are the SQL text alone; looks only.
   *
   * @param noBackslashEscapes whether the server said that a backslash in a text is no escape
   */
  public static Statement classify(ByteBuf sql, boolean noBackslashEscapes) {
    int length = sql.readableBytes();
    byte[] bytes;
    int from = 0;
    if (sql.hasArray()) {
      bytes = sql.array();
      from = sql.arrayOffset() + sql.readerIndex();
    } else {
      bytes = length <= SCRATCH ? SCRATCHES.get() : new byte[length];
      sql.getBytes(sql.readerIndex(), bytes, 0, length);
    }
    return classify(new SqlLexer(bytes, from, from + length, !noBackslashEscapes));
  }

  /** Classifies a text. */
  public static Statement classify(String sql) {
    byte[] bytes = sql.getBytes(UTF_8);
    return classify(new SqlLexer(bytes, 0, bytes.length, true));
  }

  static Statement classify(SqlLexer lexer) {
    lexer.next();
    Statement first = single(lexer);
    while (lexer.isSymbol(';')) {
      lexer.next();
    }
    if (lexer.isEnd()) {
      return first;
    }
    return several(first, lexer);
  }

  /** One statement, up to its semicolon or the end. */
  private static Statement single(SqlLexer lexer) {
    return new StatementParser(lexer).parse();
  }

  private static Statement several(Statement first, SqlLexer lexer) {
    int bits = first.flags() | StatementFlag.MULTI_STATEMENT.bit();
    boolean pins = !isHarmless(first);
    while (!lexer.isEnd()) {
      Statement more = single(lexer);
      bits |= more.flags();
      pins |= !isHarmless(more);
      while (lexer.isSymbol(';')) {
        lexer.next();
      }
    }
    if (pins) {
      bits |= StatementFlag.PINS_CONNECTION.bit();
    }
    return Statement.of(StatementKind.WRITE, bits);
  }

  /** Whether it may stand between others without changing what the connection is. */
  private static boolean isHarmless(Statement statement) {
    return switch (statement.kind()) {
      case READ, WRITE, TRANSACTION_BEGIN, TRANSACTION_END, EMPTY -> true;
      case SESSION, AUTOCOMMIT_OFF, AUTOCOMMIT_ON, PREPARE, EXECUTE, DEALLOCATE, KILL -> false;
    };
  }
}
