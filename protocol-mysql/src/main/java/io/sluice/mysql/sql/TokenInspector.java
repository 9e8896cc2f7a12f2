package io.sluice.mysql.sql;

/**
 * Steps through the tokens of one statement and notes what is said anywhere in it: variables,
 * functions, locks. One for each statement.
 */
final class TokenInspector {

  private static final int KEEPS_FROM_REPLICAS =
      StatementFlag.LOCKING_READ.bit()
          | StatementFlag.SELECT_INTO.bit()
          | StatementFlag.USER_VARIABLE_WRITE.bit()
          | StatementFlag.MASTER_FUNCTION.bit()
          | StatementFlag.UNKNOWN_FUNCTION.bit()
          | StatementFlag.PREVIOUS_STATEMENT.bit();

  private final SqlLexer lexer;
  private int bits;
  private int depth;
  private boolean garbage;
  private int comment = -1;
  private boolean mixed;
  private boolean namesBeforeParenthesis;
  private boolean volatileWordsMatter;

  private TokenType lastType = TokenType.END;
  private int lastStart;
  private int lastEnd;
  private boolean lastQualified;

  TokenInspector(SqlLexer lexer) {
    this.lexer = lexer;
  }

  /** Looks at the current token and goes to the next. */
  void step() {
    noteComment();
    noteHighBytes(volatileWordsMatter);
    boolean qualified = false;
    switch (lexer.type()) {
      case WORD -> {
        qualified = lastWasDot();
        if (!qualified) {
          word();
        } else if (lexer.isWord("NEXTVAL") || lexer.isWord("CURRVAL")) { // of a sequence
          bits |= StatementFlag.MASTER_FUNCTION.bit();
        }
      }
      case QUOTED_NAME -> qualified = true;
      case USER_VARIABLE -> bits |= StatementFlag.USER_VARIABLE.bit();
      case SYSTEM_VARIABLE -> systemVariable();
      case ASSIGN -> {
        if (lastType == TokenType.USER_VARIABLE) {
          bits |= StatementFlag.USER_VARIABLE_WRITE.bit();
        }
      }
      case SYMBOL -> symbol();
      case GARBAGE -> garbage = true;
      default -> {}
    }
    lastType = lexer.type();
    lastStart = lexer.start();
    lastEnd = lexer.end();
    lastQualified = qualified;
    lexer.next();
  }

  /** Goes on without looking at the token, which is the target of an assignment. */
  void stepTarget() {
    noteComment();
    noteHighBytes(true);
    garbage |= lexer.is(TokenType.GARBAGE);
    lastType = TokenType.END;
    lexer.next();
  }

  /** How many parentheses are open. */
  int depth() {
    return depth;
  }

  /** Whether names before parentheses are just names for now, as in the head of WITH. */
  void setNamesBeforeParenthesis(boolean names) {
    namesBeforeParenthesis = names;
  }

  /** Whether words such as CURRENT_TIMESTAMP and SELECT make a value that cannot be repeated. */
  void setVolatileWordsMatter(boolean matter) {
    volatileWordsMatter = matter;
  }

  /** Whether some servers may run a part of the statement without the rest. */
  boolean isMixedWithComments() {
    return mixed;
  }

  private void noteComment() {
    int here = lexer.comment();
    mixed |= comment >= 0 && comment != here;
    comment = here;
  }

  /** With some character sets a byte of 0x80 and above is a blank, which a word would hide. */
  private void noteHighBytes(boolean anyMatters) {
    if (lexer.scanner().isHigh()) {
      garbage |= anyMatters || lexer.hasPieceIn(Words.TELLING);
    }
  }

  boolean hasGarbage() {
    return garbage;
  }

  int bits() {
    return bits;
  }

  void add(int more) {
    bits |= more;
  }

  Statement as(StatementKind kind, StatementFlag... flags) {
    for (StatementFlag flag : flags) {
      bits |= flag.bit();
    }
    return Statement.of(kind, bits & ~StatementFlag.SELECT_INTO.bit());
  }

  /** A read, or a write if something said in it belongs to the master. */
  Statement asRead() {
    if ((bits & StatementFlag.SELECT_INTO.bit()) != 0
        && (bits & StatementFlag.USER_VARIABLE.bit()) != 0) {
      bits |= StatementFlag.USER_VARIABLE_WRITE.bit();
    }
    boolean anywhere = (bits & KEEPS_FROM_REPLICAS) == 0 && !garbage;
    return Statement.of(anywhere ? StatementKind.READ : StatementKind.WRITE, bits);
  }

  private boolean lastWasDot() {
    return lastType == TokenType.SYMBOL && lexer.isSymbolAt(lastStart, lastEnd, '.');
  }

  private void word() {
    if (lexer.isWord("INTO")) {
      bits |= StatementFlag.SELECT_INTO.bit();
    } else if (lexer.isWord("UPDATE") || lexer.isWord("SHARE")) {
      if (lastWas("FOR")) {
        bits |= StatementFlag.LOCKING_READ.bit();
      }
    } else if (lexer.isWord("IN")) {
      if (lastWas("LOCK")) {
        bits |= StatementFlag.LOCKING_READ.bit();
      }
    } else if (lexer.isWord("VALUE") && (lastWas("NEXT") || lastWas("PREVIOUS"))) {
      bits |= StatementFlag.MASTER_FUNCTION.bit();
    } else if (lexer.isWord("ROWCOUNT") && lastType == TokenType.SYMBOL) { // SQL%ROWCOUNT
      bits |= StatementFlag.PREVIOUS_STATEMENT.bit();
    } else if (volatileWordsMatter && (lexer.isWord("SELECT") || lexer.isIn(Words.VOLATILE))) {
      bits |= StatementFlag.NOT_REPEATABLE.bit();
    }
  }

  private boolean lastWas(String word) {
    return lastType == TokenType.WORD && !lastQualified && lexer.isTextAt(lastStart, lastEnd, word);
  }

  private void systemVariable() {
    bits |= StatementFlag.SYSTEM_VARIABLE.bit();
    if (lexer.isVariableIn(Words.CONNECTION_VARIABLES)) {
      bits |= StatementFlag.MASTER_FUNCTION.bit();
    } else if (lexer.isVariableIn(Words.PREVIOUS_VARIABLES)) {
      bits |= StatementFlag.PREVIOUS_STATEMENT.bit();
    }
  }

  private void symbol() {
    if (lexer.isSymbol('(')) {
      depth++;
      if (!namesBeforeParenthesis || depth > 1) {
        function();
      }
    } else if (lexer.isSymbol(')')) {
      depth--;
    }
  }

  private void function() {
    boolean quoted =
        lastType == TokenType.QUOTED_NAME
            || (lastType == TokenType.STRING && lexer.isDoubleQuoted(lastStart));
    if (quoted || (lastType == TokenType.WORD && lastQualified)) {
      bits |= StatementFlag.UNKNOWN_FUNCTION.bit();
    } else if (lastType == TokenType.WORD) {
      if (lexer.isIn(Words.PURE, lastStart, lastEnd)
          || lexer.isIn(Words.BEFORE_PARENTHESIS, lastStart, lastEnd)) {
        return;
      }
      bits |= effect();
    }
  }

  private int effect() {
    if (lexer.isIn(Words.VOLATILE, lastStart, lastEnd)) {
      return StatementFlag.NOT_REPEATABLE.bit();
    }
    if (lexer.isIn(Words.MASTER, lastStart, lastEnd)) {
      return StatementFlag.MASTER_FUNCTION.bit();
    }
    if (lexer.isIn(Words.PREVIOUS, lastStart, lastEnd)) {
      return StatementFlag.PREVIOUS_STATEMENT.bit();
    }
    return StatementFlag.UNKNOWN_FUNCTION.bit();
  }
}
