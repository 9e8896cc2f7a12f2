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

  private static final int BLANK = 1;
  private static final int NAME = 2;
  private static final int DIGIT = 4;
  private static final byte[] CLASSES = classes();

  private final byte[] sql;
  private final int limit;
  private final boolean backslashEscapes;
  private int position;
  private boolean inComment;

  private TokenType type = TokenType.END;
  private int start;
  private int end;
  private boolean startedInComment;

  /** Reads {@code sql} from {@code from} to before {@code to}; the array is not copied. */
  public SqlLexer(byte[] sql, int from, int to, boolean backslashEscapes) {
    this.sql = requireNonNull(sql, "sql");
    this.position = from;
    this.start = from;
    this.end = from;
    this.limit = to;
    this.backslashEscapes = backslashEscapes;
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
    skipBlanksAndComments();
    start = position;
    startedInComment = inComment;
    type = position >= limit ? TokenType.END : scan(sql[position]);
    end = position;
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
    return type == TokenType.WORD && textEquals(start, end, keyword);
  }

  /** Whether it is this one-byte mark. */
  public boolean isSymbol(char symbol) {
    return type == TokenType.SYMBOL && end - start == 1 && sql[start] == symbol;
  }

  /** Whether its bytes are these ASCII characters, in any case; give them in upper case. */
  public boolean isText(String text) {
    return textEquals(start, end, text);
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
    return TokenValues.value(sql, start, end, type, backslashEscapes);
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
    position = (int) (mark >>> 1);
    inComment = (mark & 1) != 0;
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
    return textEquals(from, to, upper);
  }

  private boolean textEquals(int from, int to, String upper) {
    if (to - from != upper.length()) {
      return false;
    }
    for (int i = 0; i < upper.length(); i++) {
      if (upper(sql[from + i]) != upper.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static int upper(byte b) {
    return b >= 'a' && b <= 'z' ? b - 32 : b;
  }

  private void skipBlanksAndComments() {
    while (position < limit) {
      byte b = sql[position];
      if (is(b, BLANK)) {
        position++;
      } else if (b == '#' || (b == '-' && startsLineComment())) {
        skipLine();
      } else if (b == '/' && at(position + 1) == '*') {
        if (!enterComment()) {
          return;
        }
      } else if (inComment && b == '*' && at(position + 1) == '/') {
        inComment = false;
        position += 2;
      } else {
        return;
      }
    }
  }

  private boolean startsLineComment() {
    if (at(position + 1) != '-') {
      return false;
    }
    int after = at(position + 2);
    return after <= ' ' || after == 0x7F;
  }

  private void skipLine() {
    while (position < limit && sql[position] != '\n') {
      position++;
    }
  }

  /** Skips a comment or goes into an executable one; false when it has no end. */
  private boolean enterComment() {
    int mark = at(position + 2);
    boolean mariaDb = mark == 'M' && at(position + 3) == '!';
    if (!inComment && (mark == '!' || mariaDb)) {
      position += mariaDb ? 4 : 3;
      int digits = position;
      while (digits < limit && digits - position < 6 && is(sql[digits], DIGIT)) {
        digits++;
      }
      if (digits - position >= 5) {
        position = digits;
      }
      inComment = true;
      return true;
    }
    for (int i = position + 2; i + 1 < limit; i++) {
      if (sql[i] == '*' && sql[i + 1] == '/') {
        position = i + 2;
        return true;
      }
    }
    return false;
  }

  private TokenType scan(byte b) {
    return switch (b) {
      case '\'', '"' -> text(b);
      case '`' -> quoted(position, b, false) ? TokenType.QUOTED_NAME : TokenType.GARBAGE;
      case '@' -> variable();
      case '?' -> {
        position++;
        yield TokenType.PARAMETER;
      }
      case '.' -> is(at(position + 1), DIGIT) ? number() : symbol(1);
      default -> is(b, DIGIT) ? number() : is(b, NAME) ? word() : mark(b);
    };
  }

  private TokenType text(byte quote) {
    return quoted(position, quote, backslashEscapes) ? TokenType.STRING : TokenType.GARBAGE;
  }

  private TokenType mark(byte b) {
    int next = at(position + 1);
    return switch (b) {
      case ':' -> {
        symbol(next == '=' ? 2 : 1);
        yield next == '=' ? TokenType.ASSIGN : TokenType.SYMBOL;
      }
      case '<' -> {
        boolean nullSafe = next == '=' && at(position + 2) == '>';
        yield symbol(nullSafe ? 3 : next == '=' || next == '>' || next == '<' ? 2 : 1);
      }
      case '>' -> symbol(next == '=' || next == '>' ? 2 : 1);
      case '!' -> symbol(next == '=' ? 2 : 1);
      case '|', '&' -> symbol(next == b ? 2 : 1);
      case '-' -> symbol(next == '>' ? 2 : 1);
      case '/' -> next == '*' ? openComment() : symbol(1);
      case '=', '(', ')', ',', ';', '*', '+', '%', '^', '~', '{', '}', '[', ']', '\\' -> symbol(1);
      default -> {
        position++;
        yield TokenType.GARBAGE;
      }
    };
  }

  /** A comment without end: the rest is not code. */
  private TokenType openComment() {
    position = limit;
    return TokenType.GARBAGE;
  }

  private TokenType symbol(int length) {
    position += length;
    return TokenType.SYMBOL;
  }

  /** Goes behind a quoted text that begins at {@code from}; false when it has no end. */
  private boolean quoted(int from, byte quote, boolean escapes) {
    int i = from + 1;
    while (i < limit) {
      byte b = sql[i];
      if (b == quote) {
        if (at(i + 1) != quote) {
          position = i + 1;
          return true;
        }
        i++;
      } else if (b == '\\' && escapes) {
        i++;
      }
      i++;
    }
    position = limit;
    return false;
  }

  private TokenType variable() {
    if (at(position + 1) == '@') {
      position += 2;
      while (part() && at(position) == '.') {
        position++;
      }
      return TokenType.SYSTEM_VARIABLE;
    }
    position++;
    int b = at(position);
    if (b == '\'' || b == '"' || b == '`') {
      boolean whole = quoted(position, (byte) b, b != '`' && backslashEscapes);
      return whole ? TokenType.USER_VARIABLE : TokenType.GARBAGE;
    }
    while (position < limit && (is(sql[position], NAME) || sql[position] == '.')) {
      position++;
    }
    return TokenType.USER_VARIABLE;
  }

  /** One part of a dotted name. */
  private boolean part() {
    if (at(position) == '`') {
      return quoted(position, (byte) '`', false);
    }
    int from = position;
    skipName();
    return position > from;
  }

  private void skipName() {
    while (position < limit && is(sql[position], NAME)) {
      position++;
    }
  }

  private TokenType word() {
    int first = upper(sql[position]);
    if (at(position + 1) == '\'' && (first == 'X' || first == 'B' || first == 'N')) {
      if (!quoted(position + 1, (byte) '\'', first == 'N' && backslashEscapes)) {
        return TokenType.GARBAGE;
      }
      return first == 'X' ? TokenType.HEX : first == 'B' ? TokenType.BITS : TokenType.STRING;
    }
    skipName();
    return TokenType.WORD;
  }

  private TokenType number() {
    int from = position;
    while (position < limit && is(sql[position], DIGIT)) {
      position++;
    }
    if (at(position) == '.') {
      position++;
      while (position < limit && is(sql[position], DIGIT)) {
        position++;
      }
      exponent();
      return TokenType.NUMBER;
    }
    if (exponent()) {
      return TokenType.NUMBER;
    }
    int digitsEnd = position;
    skipName();
    if (position == digitsEnd) {
      return TokenType.NUMBER;
    }
    boolean zero = sql[from] == '0' && digitsEnd == from + 1;
    if (zero && at(from + 1) == 'x') {
      return TokenType.HEX;
    }
    return zero && at(from + 1) == 'b' ? TokenType.BITS : TokenType.WORD;
  }

  /** Goes behind an exponent if a whole one stands here. */
  private boolean exponent() {
    if (at(position) != 'e' && at(position) != 'E') {
      return false;
    }
    int i = position + 1;
    if (at(i) == '+' || at(i) == '-') {
      i++;
    }
    if (!is(at(i), DIGIT)) {
      return false;
    }
    while (i < limit && is(sql[i], DIGIT)) {
      i++;
    }
    if (i < limit && is(sql[i], NAME)) {
      return false;
    }
    position = i;
    return true;
  }

  /** The byte as a number from 0 to 255, or -1 behind the end. */
  private int at(int index) {
    return index < limit ? sql[index] & 0xFF : -1;
  }

  private static boolean is(int b, int what) {
    return b != -1 && (CLASSES[b & 0xFF] & what) != 0;
  }

  private static boolean is(byte b, int what) {
    return (CLASSES[b & 0xFF] & what) != 0;
  }

  private static boolean isLetter(int b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int b = 0; b < 256; b++) {
      if (b == ' ' || (b >= '\t' && b <= '\r')) {
        classes[b] = BLANK;
      } else if (b >= '0' && b <= '9') {
        classes[b] = DIGIT | NAME;
      } else if (isLetter(b) || b == '_' || b == '$' || b >= 128) {
        classes[b] = NAME;
      }
    }
    return classes;
  }
}
