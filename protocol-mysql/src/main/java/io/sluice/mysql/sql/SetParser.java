package io.sluice.mysql.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Classifies what follows SET. */
final class SetParser {

  private static final WordSet ON = WordSet.of("1 ON TRUE DEFAULT");

  private final SqlLexer lexer;
  private final TokenInspector inspector;
  private final boolean careful;
  private boolean user;
  private boolean session;
  private boolean global;
  private StatementKind kind = StatementKind.SESSION;

  SetParser(SqlLexer lexer, TokenInspector inspector, boolean careful) {
    this.careful = careful;
    this.lexer = lexer;
    this.inspector = inspector;
  }

  Statement parse() {
    if (lexer.isWord("STATEMENT")) {
      return forStatement();
    }
    if (lexer.isWord("PASSWORD") || lexer.isWord("TRANSACTION") || lexer.isWord("RESOURCE")) {
      return rest(StatementKind.WRITE);
    }
    if (lexer.isWord("DEFAULT")) { // DEFAULT ROLE; a variable cannot be called so
      return rest(StatementKind.WRITE);
    }
    if (lexer.isWord("ROLE")) {
      return rest(StatementKind.SESSION);
    }
    inspector.setVolatileWordsMatter(true);
    item();
    while (lexer.isSymbol(',')) {
      inspector.step();
      item();
    }
    return result();
  }

  /** SET STATEMENT … FOR statement: the variables hold for that statement only. */
  private Statement forStatement() {
    while (!atEnd() && !lexer.isWord("FOR")) {
      inspector.step();
    }
    if (atEnd()) {
      return inspector.as(StatementKind.WRITE);
    }
    boolean mixed = careful && (inspector.isMixedWithComments() || lexer.isInExecutableComment());
    lexer.next();
    Statement inner = new StatementParser(lexer, careful).parse();
    boolean safe = inner.isRead() && !mixed && (inspector.bits() & ~userBit()) == 0;
    return Statement.of(safe ? StatementKind.READ : StatementKind.WRITE, flags(inner));
  }

  private static int userBit() {
    return StatementFlag.USER_VARIABLE.bit() | StatementFlag.NOT_REPEATABLE.bit();
  }

  private int flags(Statement inner) {
    boolean keeps =
        switch (inner.kind()) {
          case SESSION, AUTOCOMMIT_OFF, AUTOCOMMIT_ON, PREPARE, EXECUTE, DEALLOCATE -> true;
          case READ, WRITE, TRANSACTION_BEGIN, TRANSACTION_END, KILL, EMPTY -> false;
        };
    int bits = inspector.bits() | inner.flags();
    return keeps ? bits | StatementFlag.PINS_CONNECTION.bit() : bits;
  }

  private void item() {
    boolean everywhere = scope();
    boolean autocommit = false;
    if (lexer.is(TokenType.USER_VARIABLE)) {
      user = true;
      inspector.add(StatementFlag.USER_VARIABLE_WRITE.bit());
    } else {
      global |= everywhere;
      session |= !everywhere;
      autocommit = !everywhere && isAutocommit();
    }
    if (!atEnd()) {
      inspector.stepTarget();
    }
    if (lexer.isSymbol('=') || lexer.is(TokenType.ASSIGN)) {
      lexer.next();
    }
    if (autocommit) {
      kind = autocommit();
    }
    int depth = inspector.depth();
    while (!atEnd() && !(lexer.isSymbol(',') && inspector.depth() <= depth)) {
      noteCharset();
      inspector.step();
    }
  }

  /** With some character sets the tokens of later statements could not be trusted. */
  private void noteCharset() {
    if (lexer.is(TokenType.WORD) || lexer.is(TokenType.STRING)) {
      byte[] value = lexer.value().getBytes(UTF_8);
      if (Words.UNSAFE_CHARSETS.contains(value, 0, value.length)) {
        inspector.add(StatementFlag.PINS_CONNECTION.bit());
      }
    }
  }

  /** Whether the variable at hand is one of the whole server. */
  private boolean scope() {
    if (lexer.isWord("GLOBAL") || lexer.isWord("PERSIST") || lexer.isWord("PERSIST_ONLY")) {
      inspector.step();
      return true;
    }
    if (lexer.isWord("SESSION") || lexer.isWord("LOCAL")) {
      inspector.step();
      return false;
    }
    String scope = lexer.scope();
    return !scope.isEmpty() && !scope.equals("session") && !scope.equals("local");
  }

  private boolean isAutocommit() {
    if (lexer.is(TokenType.SYSTEM_VARIABLE)
        || lexer.is(TokenType.QUOTED_NAME)
        || lexer.is(TokenType.STRING)) {
      return lexer.value().equalsIgnoreCase("autocommit");
    }
    return lexer.isWord("AUTOCOMMIT");
  }

  /** The server's status tells the truth later; in doubt it is off, which goes to the master. */
  private StatementKind autocommit() {
    byte[] value = lexer.value().getBytes(UTF_8);
    return ON.contains(value, 0, value.length)
        ? StatementKind.AUTOCOMMIT_ON
        : StatementKind.AUTOCOMMIT_OFF;
  }

  private Statement result() {
    int bits = inspector.bits();
    boolean foreign =
        (bits
                & (StatementFlag.MASTER_FUNCTION.bit()
                    | StatementFlag.PREVIOUS_STATEMENT.bit()
                    | StatementFlag.UNKNOWN_FUNCTION.bit()))
            != 0;
    if (foreign) {
      inspector.add(StatementFlag.NOT_REPEATABLE.bit());
    }
    if (inspector.hasGarbage() || global) {
      return keepOnMaster(session || user);
    }
    boolean repeatable = (inspector.bits() & StatementFlag.NOT_REPEATABLE.bit()) == 0;
    if (session && foreign) {
      return keepOnMaster(true);
    }
    return inspector.as(session || repeatable ? kind : StatementKind.WRITE);
  }

  private Statement keepOnMaster(boolean pins) {
    return pins
        ? inspector.as(StatementKind.WRITE, StatementFlag.PINS_CONNECTION)
        : inspector.as(StatementKind.WRITE);
  }

  private Statement rest(StatementKind found) {
    while (!atEnd()) {
      inspector.step();
    }
    return inspector.as(found);
  }

  private boolean atEnd() {
    return lexer.isEnd() || lexer.isSymbol(';');
  }
}
