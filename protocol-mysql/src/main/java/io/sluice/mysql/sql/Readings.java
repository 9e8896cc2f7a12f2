package io.sluice.mysql.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A text as all servers read it that may get it. Most texts read the same everywhere; the others
 * are read again for each mode that matters, and what comes out of that is put together so that it
 * holds for every one of them.
 */
final class Readings {

  private final byte[] sql;
  private final int from;
  private final int to;
  private final boolean prepared;
  private @Nullable Statement merged;
  private @Nullable Statement broken;
  private int doubts;

  private Readings(byte[] sql, int from, int to, boolean prepared) {
    this.sql = sql;
    this.from = from;
    this.to = to;
    this.prepared = prepared;
  }

  /** What a text is. */
  static Statement of(byte[] sql, int from, int to, Backslash backslash) {
    return new Readings(sql, from, to, false).classify(backslash);
  }

  /** What a text is that comes as a part of another one, to be prepared. */
  static Statement ofPrepared(String text, boolean escapes) {
    byte[] bytes = text.getBytes(UTF_8);
    return new Readings(bytes, 0, bytes.length, true)
        .classify(escapes ? Backslash.ESCAPES : Backslash.PLAIN);
  }

  private Statement classify(Backslash backslash) {
    boolean escapes = backslash != Backslash.PLAIN;
    Statement first = read(escapes, false, false, true);
    if (isPlain(backslash)) {
      return first;
    }
    int seen = doubts;
    quoting(escapes, false);
    if ((seen & SqlScanner.DOUBLE_QUOTES) != 0) {
      quoting(escapes, true);
    }
    if (backslash == Backslash.UNKNOWN && (seen & SqlScanner.BACKSLASHES) != 0) {
      quoting(false, false);
    }
    Statement all = merged == null ? broken : merged;
    return all == null ? first : all;
  }

  private boolean isPlain(Backslash backslash) {
    int matter = SqlScanner.DOUBLE_QUOTES | SqlScanner.EXECUTABLE | SqlScanner.UNCLEAR_END;
    if (backslash == Backslash.UNKNOWN) {
      matter |= SqlScanner.BACKSLASHES;
    }
    return (doubts & matter) == 0;
  }

  /** Adds what the text is where texts are quoted like this. */
  private void quoting(boolean escapes, boolean ansiQuotes) {
    SqlScanner scanner = new SqlScanner(sql, from, to, escapes, ansiQuotes, false, true);
    Statement found = read(scanner, true);
    if ((scanner.doubts() & SqlScanner.UNCLEAR_END) != 0) {
      found =
          Statement.of(StatementKind.WRITE, found.flags() | StatementFlag.PINS_CONNECTION.bit());
    } else if (scanner.comments() == 1) {
      // It is run as a whole or not at all.
      found =
          merge(read(escapes, ansiQuotes, false, false), read(escapes, ansiQuotes, true, false));
    }
    if (scanner.isBroken() && scanner.comments() == 0) {
      broken = found;
    } else {
      merged = merged == null ? found : merge(merged, found);
    }
  }

  private Statement read(
      boolean escapes, boolean ansiQuotes, boolean skipsExecutable, boolean careful) {
    return read(new SqlScanner(sql, from, to, escapes, ansiQuotes, skipsExecutable, true), careful);
  }

  private Statement read(SqlScanner scanner, boolean careful) {
    SqlLexer lexer = new SqlLexer(sql, scanner);
    lexer.next();
    Statement found = prepared ? onlyOne(lexer, careful) : StatementClassifier.all(lexer, careful);
    doubts |= scanner.doubts();
    return found;
  }

  /** Several statements cannot be prepared; a text that seems to hold them is not understood. */
  private static Statement onlyOne(SqlLexer lexer, boolean careful) {
    Statement found = new StatementParser(lexer, careful).parseFlat();
    return lexer.isEnd() ? found : Statement.of(StatementKind.WRITE);
  }

  /** What holds for a text that is one thing or the other. */
  private static Statement merge(Statement a, Statement b) {
    if (a.equals(b) || b.kind() == StatementKind.EMPTY) {
      return a;
    }
    if (a.kind() == StatementKind.EMPTY) {
      return b;
    }
    int flags = a.flags() | b.flags();
    if (a.kind() == b.kind() && Objects.equals(a.preparedName(), b.preparedName())) {
      boolean same = Objects.equals(a.prepared(), b.prepared());
      return new Statement(a.kind(), flags, a.preparedName(), same ? a.prepared() : null);
    }
    boolean harmless = StatementClassifier.isHarmless(a) && StatementClassifier.isHarmless(b);
    return Statement.of(
        StatementKind.WRITE, harmless ? flags : flags | StatementFlag.PINS_CONNECTION.bit());
  }
}
