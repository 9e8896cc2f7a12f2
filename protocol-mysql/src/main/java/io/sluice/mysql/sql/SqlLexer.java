package io.sluice.mysql.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Cuts a statement into tokens, one at a time and without objects for them. Blanks and comments are
 * skipped; the inside of the executable comments {@code /*!50100 … *}{@code /} and {@code
 * /*M!100100 … *}{@code /} counts as code, whatever the version says, and {@link
 * #isInExecutableComment} tells.
 *
 * <ol>
 *   <li>It starts before the first token: call {@link #next} first. Behind the last one the type is
 *       {@link TokenType#END} for ever.
 *   <li>It never throws on what it reads and takes time linear to the length.
 *   <li>It works for character sets whose bytes below 0x80 always are ASCII: utf8, latin1 and most
 *       others, but not sjis, cp932, big5, gbk and gb18030.
 *   <li>A backslash is an escape in texts unless the server said NO_BACKSLASH_ESCAPES.
 * </ol>
 *
 * <p>Not thread-safe.
 */
public final class SqlLexer {

  private final byte[] sql;
  private final SqlScanner scanner;

  private TokenType type = TokenType.END;
  private int start;
  private int end;
  private boolean startedInComment;

  /**
   * Reads {@code sql} from {@code from} to before {@code to}; the array is not copied. A name may
   * hold {@code $} anywhere.
   */
  public SqlLexer(byte[] sql, int from, int to, boolean backslashEscapes) {
    this(
        requireNonNull(sql, "sql"),
        new SqlScanner(sql, from, to, backslashEscapes, false, false, false));
  }

  SqlLexer(byte[] sql, SqlScanner scanner) {
    this.sql = sql;
    this.scanner = scanner;
    this.start = scanner.position();
    this.end = start;
  }

  /** Reads a text. */
  public static SqlLexer of(String sql) {
    byte[] bytes = sql.getBytes(UTF_8);
    return new SqlLexer(bytes, 0, bytes.length, true);
  }

  /** Reads the readable bytes; looks only. */
  public static SqlLexer of(ByteBuf sql) {
    if (sql.hasArray()) {
      int from = sql.arrayOffset() + sql.readerIndex();
      return new SqlLexer(sql.array(), from, from + sql.readableBytes(), true);
    }
    byte[] bytes = ByteBufUtil.getBytes(sql);
    return new SqlLexer(bytes, 0, bytes.length, true);
  }

  /**
   * Goes to the next token.
   *
   * @return false at the end
   */
  public boolean next() {
    scanner.skipBlanksAndComments();
    start = scanner.position();
    startedInComment = scanner.isInComment();
    type = scanner.scan();
    end = scanner.position();
    return type != TokenType.END;
  }

  /** What the current token is. */
  public TokenType type() {
    return type;
  }

  /** Where it begins in the array. */
  public int start() {
    return start;
  }

  /** Where it ends in the array. */
  public int end() {
    return end;
  }

  /** Whether it stands in an executable comment, so that some servers do not see it. */
  public boolean isInExecutableComment() {
    return startedInComment;
  }

  /** The number of the executable comment that it stands in, or 0. */
  int comment() {
    return startedInComment ? scanner.comments() : 0;
  }

  /** What it reads with. */
  SqlScanner scanner() {
    return scanner;
  }

  /**
   * Whether one of these words stands between bytes of 0x80 and above, some of which are blanks in
   * some character sets.
   */
  boolean hasPieceIn(WordSet words) {
    return SqlBytes.hasPieceIn(words, sql, start, end);
  }

  /** Whether what stands there is quoted as names are in the mode ANSI_QUOTES. */
  boolean isDoubleQuoted(int from) {
    return sql[from] == '"';
  }

  /** Whether there is no token. */
  public boolean isEnd() {
    return type == TokenType.END;
  }

  /** Whether the token is of this type. */
  public boolean is(TokenType expected) {
    return type == expected;
  }

  /** Whether it is this keyword; give it in upper case. */
  public boolean isWord(String keyword) {
    return type == TokenType.WORD && SqlBytes.textEquals(sql, start, end, keyword);
  }

  /** Whether it is this one-byte mark. */
  public boolean isSymbol(char symbol) {
    return type == TokenType.SYMBOL && end - start == 1 && sql[start] == symbol;
  }

  /** Whether its bytes are these ASCII characters, in any case; give them in upper case. */
  public boolean isText(String text) {
    return SqlBytes.textEquals(sql, start, end, text);
  }

  /** If it is this keyword, goes to the next token. */
  public boolean accept(String keyword) {
    if (isWord(keyword)) {
      next();
      return true;
    }
    return false;
  }

  /** If it is this mark, goes to the next token. */
  public boolean accept(char symbol) {
    if (isSymbol(symbol)) {
      next();
      return true;
    }
    return false;
  }

  /** Its bytes as they stand there. */
  public String text() {
    return new String(sql, start, end - start, UTF_8);
  }

  /**
   * What it means: a text or name without quotes and with escapes resolved, a user variable's name
   * without {@code @}, a system variable's name without {@code @@} and scope; for others the text.
   */
  public String value() {
    return TokenValues.value(sql, start, end, type, scanner.escapes());
  }

  /** The scope that a system variable names, in lower case, or an empty text. */
  public String scope() {
    return TokenValues.scope(sql, start, end, type);
  }

  /** A place to come back to with {@link #reset}. */
  public long mark() {
    return (long) start << 1 | (startedInComment ? 1 : 0);
  }

  /** Goes back to a marked token, which is the current one again. */
  public void reset(long mark) {
    scanner.reset((int) (mark >>> 1), (mark & 1) != 0);
    next();
  }

  boolean isIn(WordSet words) {
    return type == TokenType.WORD && words.contains(sql, start, end);
  }

  boolean isIn(WordSet words, int from, int to) {
    return words.contains(sql, from, to);
  }

  /** Whether the last part of a system variable's name is one of these. */
  boolean isVariableIn(WordSet words) {
    int from = end;
    while (from > start && sql[from - 1] != '.' && sql[from - 1] != '@') {
      from--;
    }
    boolean quoted = from < end && sql[from] == '`';
    return quoted ? words.contains(sql, from + 1, end - 1) : words.contains(sql, from, end);
  }

  boolean isSymbolAt(int from, int to, char symbol) {
    return to - from == 1 && sql[from] == symbol;
  }

  boolean isTextAt(int from, int to, String upper) {
    return SqlBytes.textEquals(sql, from, to, upper);
  }
}
