package io.sluice.mysql.sql;

import static io.sluice.mysql.sql.SqlBytes.BLANK;
import static io.sluice.mysql.sql.SqlBytes.DIGIT;
import static io.sluice.mysql.sql.SqlBytes.NAME;

/**
 * Finds where the tokens of a text begin and end for a server in a certain mode, and notes where
 * servers in other modes would find others. Not thread-safe.
 */
final class SqlScanner {

  /** A text in double quotes ends elsewhere where these quote names. */
  static final int DOUBLE_QUOTES = 1;

  /** A text ends elsewhere where a backslash is no escape. */
  static final int BACKSLASHES = 2;

  /** There is an executable comment, which a server may skip. */
  static final int EXECUTABLE = 4;

  /** It is not clear where an executable comment ends for a server that skips it. */
  static final int UNCLEAR_END = 8;

  private final byte[] sql;
  private final int limit;
  private final boolean escapes;
  private final boolean ansiQuotes;
  private final boolean skipsExecutable;
  private final boolean dollarQuotes;
  private int position;
  private boolean inComment;
  private int comments;
  private int doubts;
  private boolean semicolon;
  private boolean broken;
  private boolean high;
  private boolean cut;

  /**
   * A scanner of a part of an array, which is not copied.
   *
   * @param escapes whether a backslash in a text is an escape
   * @param ansiQuotes whether names stand in double quotes
   * @param skipsExecutable whether executable comments are for another version
   * @param dollarQuotes whether what may open a text as {@code $$} does for MySQL 9 is no word
   */
  SqlScanner(
      byte[] sql,
      int from,
      int to,
      boolean escapes,
      boolean ansiQuotes,
      boolean skipsExecutable,
      boolean dollarQuotes) {
    this.sql = sql;
    this.position = from;
    this.limit = to;
    this.escapes = escapes;
    this.ansiQuotes = ansiQuotes;
    this.skipsExecutable = skipsExecutable;
    this.dollarQuotes = dollarQuotes;
  }

  int position() {
    return position;
  }

  /** Whether it is inside of an executable comment. */
  boolean isInComment() {
    return inComment;
  }

  /** How many executable comments there were so far. */
  int comments() {
    return comments;
  }

  /** In what other ways the text so far may be read: bits of the constants. */
  int doubts() {
    return doubts;
  }

  /** Whether the first statement has a quoted text without end, so that no server runs it. */
  boolean isBroken() {
    return broken;
  }

  /** Whether a backslash in a text is an escape. */
  boolean escapes() {
    return escapes;
  }

  /** Whether the last token had bytes of 0x80 and above outside of quotes. */
  boolean isHigh() {
    return high;
  }

  void reset(int to, boolean comment) {
    position = to;
    inComment = comment;
  }

  /** Goes to where the next token begins. */
  void skipBlanksAndComments() {
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
    if (inComment) {
      doubts |= UNCLEAR_END;
    }
    while (position < limit && sql[position] != '\n') {
      position++;
    }
  }

  /** Skips a comment or goes into an executable one; false when it has no end. */
  private boolean enterComment() {
    int mark = at(position + 2);
    boolean mariaDb = mark == 'M' && at(position + 3) == '!';
    boolean executable = mark == '!' || mariaDb;
    if (inComment) {
      doubts |= UNCLEAR_END;
    } else if (executable) {
      comments++;
      doubts |= EXECUTABLE;
    }
    if (inComment || !executable || skipsExecutable) {
      return skipComment(executable);
    }
    position += mariaDb ? 4 : 3;
    skipVersion();
    inComment = true;
    return true;
  }

  private void skipVersion() {
    int digits = position;
    while (digits < limit && digits - position < 6 && is(sql[digits], DIGIT)) {
      digits++;
    }
    if (digits - position >= 5) {
      position = digits;
    }
  }

  private boolean skipComment(boolean executable) {
    for (int i = position + 2; i + 1 < limit; i++) {
      if (sql[i] == '*' && sql[i + 1] == '/') {
        position = i + 2;
        return true;
      }
      if (executable && sql[i] == '/' && sql[i + 1] == '*') {
        doubts |= UNCLEAR_END;
      }
    }
    return false;
  }

  /** Goes behind the token that begins here. */
  TokenType scan() {
    high = false;
    int start = position;
    boolean commented = inComment;
    TokenType type = position >= limit ? TokenType.END : scan(sql[position]);
    if (commented && type != TokenType.END && hasCommentEnd(start)) {
      doubts |= UNCLEAR_END;
    }
    return type;
  }

  private boolean hasCommentEnd(int start) {
    for (int i = start; i + 1 < position; i++) {
      if (sql[i] == '*' && sql[i + 1] == '/') {
        return true;
      }
    }
    return false;
  }

  private TokenType scan(byte b) {
    return switch (b) {
      case '\'', '"' -> text(b);
      case '`' -> quotedName();
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
    if (quote == '"' && ansiQuotes) {
      return quotedName();
    }
    return quoted(position, escapes) ? TokenType.STRING : TokenType.GARBAGE;
  }

  private TokenType quotedName() {
    // Some servers go by the first byte of a character and take the quote for the rest of it.
    int from = position;
    boolean whole = quoted(from, false);
    return whole && !cut ? TokenType.QUOTED_NAME : TokenType.GARBAGE;
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
      case '-' -> next == '-' && at(position + 2) >= 0x80 ? unclear() : symbol(next == '>' ? 2 : 1);
      case '/' -> next == '*' ? openComment() : symbol(1);
      case ';' -> {
        semicolon = true;
        yield symbol(1);
      }
      case '=', '(', ')', ',', '*', '+', '%', '^', '~', '{', '}', '[', ']', '\\' -> symbol(1);
      default -> {
        position++;
        yield TokenType.GARBAGE;
      }
    };
  }

  /** Perhaps a comment: some bytes of 0x80 and above are blanks in some character sets. */
  private TokenType unclear() {
    position += 2;
    return TokenType.GARBAGE;
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
  private boolean quoted(int from, boolean escaped) {
    long found = SqlBytes.quoted(sql, from, limit, escaped);
    if (found == SqlBytes.OPEN) {
      // Which backslashes it has does not matter: another reading may end it.
      doubts |= DOUBLE_QUOTES | BACKSLASHES;
      broken |= !semicolon;
      position = limit;
      return false;
    }
    cut = (found & SqlBytes.CUT) != 0;
    boolean backslash = (found & SqlBytes.BACKSLASH) != 0;
    if (sql[from] == '"' && (cut || backslash)) {
      doubts |= DOUBLE_QUOTES;
    }
    if (sql[from] != '`' && backslash) {
      doubts |= BACKSLASHES;
    }
    position = (int) found;
    return true;
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
      boolean name = b == '`' || (b == '"' && ansiQuotes);
      boolean whole = quoted(position, !name && escapes) && !(name && cut);
      return whole ? TokenType.USER_VARIABLE : TokenType.GARBAGE;
    }
    skipName();
    while (at(position) == '.') {
      position++;
      skipName();
    }
    return TokenType.USER_VARIABLE;
  }

  /** One part of a dotted name. */
  private boolean part() {
    if (at(position) == '`') {
      return quoted(position, false);
    }
    int from = position;
    skipName();
    return position > from;
  }

  private void skipName() {
    int all = 0;
    while (position < limit && is(sql[position], NAME)) {
      all |= sql[position++];
    }
    high |= all < 0;
  }

  private TokenType word() {
    int first = SqlBytes.upper(sql[position]);
    if (at(position + 1) == '\'' && (first == 'X' || first == 'B' || first == 'N')) {
      if (!quoted(position + 1, first == 'N' && escapes)) {
        return TokenType.GARBAGE;
      }
      return first == 'X' ? TokenType.HEX : first == 'B' ? TokenType.BITS : TokenType.STRING;
    }
    int from = position;
    skipName();
    return dollarQuotes && first == '$' && isDollarQuote(from) ? TokenType.GARBAGE : TokenType.WORD;
  }

  /** Whether a word opens a text as {@code $$} and {@code $tag$} do for MySQL 9. */
  private boolean isDollarQuote(int from) {
    for (int i = from + 1; i < position; i++) {
      if (sql[i] == '$') {
        return true;
      }
    }
    return false;
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

  private static boolean is(byte b, int what) {
    return SqlBytes.is(b, what);
  }

  private static boolean is(int b, int what) {
    return b != -1 && SqlBytes.is((byte) b, what);
  }
}
