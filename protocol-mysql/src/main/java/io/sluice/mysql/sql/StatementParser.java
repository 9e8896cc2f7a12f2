package io.sluice.mysql.sql;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Classifies one statement of a text; leaves the lexer at its semicolon or at the end. */
final class StatementParser {

  private static final int LONGEST_VERB = 12;

  private final SqlLexer lexer;
  private final TokenInspector inspector;
  private final boolean careful;

  /**
   * A parser from the current token on.
   *
   * @param careful whether code in executable comments may be skipped by the server, so that a
   *     statement that is partly in them is none that can be judged
   */
  StatementParser(SqlLexer lexer, boolean careful) {
    this.careful = careful;
    this.lexer = lexer;
    this.inspector = new TokenInspector(lexer);
  }

  Statement parse() {
    while (lexer.isSymbol('(')) {
      step();
    }
    if (atEnd()) {
      return Statement.of(StatementKind.EMPTY);
    }
    boolean verbInComment = lexer.isInExecutableComment();
    boolean highVerb = lexer.scanner().isHigh();
    Statement found = lexer.is(TokenType.WORD) ? byVerb() : rest(StatementKind.WRITE);
    while (!atEnd()) {
      step();
    }
    if (highVerb) { // it may end before the byte that is none of ASCII
      found = pinned(found);
    }
    return careful && inspector.isMixedWithComments() ? careful(found, verbInComment) : found;
  }

  private static Statement pinned(Statement found) {
    return Statement.of(StatementKind.WRITE, found.flags() | StatementFlag.PINS_CONNECTION.bit());
  }

  /** What to think of a statement that is another one where its executable comments are skipped. */
  private static Statement careful(Statement found, boolean verbInComment) {
    return switch (found.kind()) {
      case READ -> Statement.of(StatementKind.WRITE, found.flags());
      case SESSION, AUTOCOMMIT_OFF, AUTOCOMMIT_ON, PREPARE, EXECUTE, DEALLOCATE ->
          verbInComment ? pinned(found) : found;
      case WRITE, TRANSACTION_BEGIN, TRANSACTION_END, KILL, EMPTY -> found;
    };
  }

  private Statement byVerb() {
    boolean known = lexer.end() - lexer.start() <= LONGEST_VERB;
    String verb = known ? lexer.text().toUpperCase(Locale.ROOT) : "";
    return switch (verb) {
      case "SELECT", "VALUES", "TABLE" -> read();
      case "WITH" -> with();
      case "SHOW" -> show();
      case "EXPLAIN", "DESCRIBE", "DESC" -> explain();
      case "ANALYZE" -> analyze();
      case "HELP" -> rest(StatementKind.READ);
      case "SET" -> {
        step();
        yield new SetParser(lexer, inspector, careful).parse();
      }
      case "USE" -> rest(StatementKind.SESSION, StatementFlag.DATABASE);
      case "BEGIN", "START", "COMMIT", "ROLLBACK", "XA" -> transaction(verb);
      case "PREPARE", "EXECUTE", "DEALLOCATE" -> prepared(verb);
      case "CREATE", "ALTER", "DROP" -> definition(verb);
      case "CALL" -> rest(StatementKind.WRITE, StatementFlag.CALL);
      case "DECLARE" -> code(StatementFlag.CALL);
      case "KILL" -> rest(StatementKind.KILL);
      case "LOAD" -> load();
      case "LOCK", "UNLOCK", "FLUSH" -> locks(verb);
      case "GET" ->
          rest(
              StatementKind.WRITE,
              StatementFlag.PREVIOUS_STATEMENT,
              StatementFlag.USER_VARIABLE_WRITE);
      default -> rest(StatementKind.WRITE);
    };
  }

  /** The rest of a query; what it mentions may move it to the master. */
  private Statement read() {
    step();
    while (!atEnd()) {
      step();
    }
    return inspector.asRead();
  }

  private Statement rest(StatementKind kind, StatementFlag... flags) {
    while (!atEnd()) {
      step();
    }
    return inspector.as(kind, flags);
  }

  private Statement with() {
    inspector.setNamesBeforeParenthesis(true);
    step();
    while (!atEnd()) {
      if (lexer.is(TokenType.WORD) && inspector.depth() == 0) {
        if (lexer.isWord("SELECT") || lexer.isWord("TABLE") || lexer.isWord("VALUES")) {
          inspector.setNamesBeforeParenthesis(false);
          return read();
        }
        if (isChange()) {
          return rest(StatementKind.WRITE);
        }
      }
      step();
    }
    return inspector.as(StatementKind.WRITE);
  }

  private boolean isChange() {
    return lexer.isWord("UPDATE")
        || lexer.isWord("DELETE")
        || lexer.isWord("INSERT")
        || lexer.isWord("REPLACE");
  }

  private Statement show() {
    step();
    while (lexer.isWord("GLOBAL")
        || lexer.isWord("SESSION")
        || lexer.isWord("LOCAL")
        || lexer.isWord("FULL")
        || lexer.isWord("EXTENDED")) {
      step();
    }
    if (lexer.isWord("WARNINGS") || lexer.isWord("ERRORS") || lexer.isWord("COUNT")) {
      return rest(StatementKind.WRITE, StatementFlag.PREVIOUS_STATEMENT);
    }
    if (lexer.isIn(Words.SHOW_ON_MASTER) || !lexer.is(TokenType.WORD)) {
      return rest(StatementKind.WRITE);
    }
    return read();
  }

  private Statement explain() {
    step();
    boolean runs = false;
    while (lexer.isWord("EXTENDED") || lexer.isWord("PARTITIONS") || lexer.isWord("ANALYZE")) {
      runs |= lexer.isWord("ANALYZE");
      step();
    }
    skipFormat();
    if (isQuery()) {
      return parseInner();
    }
    boolean change = runs || isChange() || lexer.isWord("FOR") || lexer.isWord("ALTER");
    return change ? rest(StatementKind.WRITE) : read();
  }

  /** MariaDB's ANALYZE runs the statement that follows; ANALYZE TABLE writes statistics. */
  private Statement analyze() {
    step();
    skipFormat();
    return isQuery() ? parseInner() : rest(StatementKind.WRITE);
  }

  private boolean isQuery() {
    return lexer.isWord("SELECT")
        || lexer.isWord("WITH")
        || lexer.isWord("VALUES")
        || lexer.isSymbol('(');
  }

  private void skipFormat() {
    if (lexer.isWord("FORMAT")) {
      step();
      if (lexer.isSymbol('=')) {
        step();
        step();
      }
    }
  }

  private Statement parseInner() {
    while (lexer.isSymbol('(')) {
      step();
    }
    return lexer.isWord("WITH") ? with() : isQuery() ? read() : rest(StatementKind.WRITE);
  }

  private Statement transaction(String verb) {
    step();
    return switch (verb) {
      // A block: BEGIN NOT ATOMIC, and in the mode ORACLE just BEGIN.
      case "BEGIN" -> atEnd() || lexer.isWord("WORK") ? begin() : code(StatementFlag.CALL);
      case "START" -> lexer.isWord("TRANSACTION") ? begin() : rest(StatementKind.WRITE);
      case "XA" -> distributed();
      default -> end();
    };
  }

  private Statement distributed() {
    if (lexer.isWord("START") || lexer.isWord("BEGIN")) {
      return rest(StatementKind.TRANSACTION_BEGIN);
    }
    boolean ends = lexer.isWord("COMMIT") || lexer.isWord("ROLLBACK");
    return rest(ends ? StatementKind.TRANSACTION_END : StatementKind.WRITE);
  }

  private Statement begin() {
    boolean readOnly = false;
    while (!atEnd()) {
      boolean read = lexer.isWord("READ");
      step();
      readOnly |= read && lexer.isWord("ONLY");
    }
    return readOnly
        ? inspector.as(StatementKind.TRANSACTION_BEGIN, StatementFlag.READ_ONLY)
        : inspector.as(StatementKind.TRANSACTION_BEGIN);
  }

  private Statement end() {
    int bits = 0;
    boolean no = false;
    boolean toSavepoint = false;
    while (!atEnd()) {
      toSavepoint |= lexer.isWord("TO");
      if (lexer.isWord("CHAIN") && !no) {
        bits |= StatementFlag.CHAIN.bit();
      } else if (lexer.isWord("RELEASE") && !no) {
        bits |= StatementFlag.RELEASE.bit();
      }
      no = lexer.isWord("NO");
      step();
    }
    if (toSavepoint) {
      return inspector.as(StatementKind.WRITE);
    }
    inspector.add(bits);
    return inspector.as(StatementKind.TRANSACTION_END);
  }

  private Statement prepared(String verb) {
    step();
    if (verb.equals("DEALLOCATE")) {
      if (lexer.isWord("PREPARE")) {
        step();
      }
      return named(StatementKind.DEALLOCATE);
    }
    if (verb.equals("EXECUTE") && lexer.isWord("IMMEDIATE")) {
      return immediate();
    }
    return verb.equals("EXECUTE") ? named(StatementKind.EXECUTE) : prepare();
  }

  private Statement named(StatementKind kind) {
    String name = lexer.value().toLowerCase(Locale.ROOT);
    Statement statement = rest(kind);
    return new Statement(kind, statement.flags(), name, null);
  }

  private Statement prepare() {
    String name = lexer.value().toLowerCase(Locale.ROOT);
    step();
    if (lexer.isWord("FROM")) {
      step();
    }
    String literal = literal();
    // MariaDB puts more than one text together.
    String whole = atEnd() ? literal : null;
    Statement statement = rest(StatementKind.PREPARE);
    Statement inner = whole == null ? null : Readings.ofPrepared(whole, lexer.scanner().escapes());
    return new Statement(StatementKind.PREPARE, statement.flags(), name, inner);
  }

  /** The text at hand, which is stepped over; null if there is none. */
  private @Nullable String literal() {
    if (!lexer.is(TokenType.STRING)) {
      return null;
    }
    String literal = lexer.value();
    step();
    return literal;
  }

  /** As {@link #parse}, but what would look into a further text counts as a change. */
  Statement parseFlat() {
    if (lexer.isWord("PREPARE") || lexer.isWord("EXECUTE")) {
      return rest(StatementKind.WRITE, StatementFlag.PINS_CONNECTION);
    }
    return parse();
  }

  private Statement immediate() {
    step();
    String literal = literal();
    Statement inner =
        literal != null && (atEnd() || lexer.isWord("USING"))
            ? Readings.ofPrepared(literal, lexer.scanner().escapes())
            : Statement.of(StatementKind.WRITE, StatementFlag.CALL);
    Statement outer = rest(StatementKind.WRITE);
    int bits = outer.flags() | inner.flags();
    boolean plain = inner.kind() == StatementKind.READ || inner.kind() == StatementKind.WRITE;
    return Statement.of(
        StatementKind.WRITE, plain ? bits : bits | StatementFlag.PINS_CONNECTION.bit());
  }

  private Statement definition(String verb) {
    step();
    if (verb.equals("DROP") && lexer.isWord("PREPARE")) {
      step();
      return named(StatementKind.DEALLOCATE);
    }
    boolean temporary = false;
    while (!atEnd()) {
      if (lexer.isWord("TEMPORARY")) {
        temporary = true;
      } else if (lexer.isWord("PROCEDURE")
          || lexer.isWord("FUNCTION")
          || lexer.isWord("TRIGGER")
          || lexer.isWord("EVENT")
          || lexer.isWord("PACKAGE")) {
        return code();
      } else if (lexer.isWord("TABLE") || lexer.isWord("VIEW") || lexer.isWord("SEQUENCE")) {
        break;
      }
      step();
    }
    if (!temporary) {
      return rest(StatementKind.WRITE);
    }
    return verb.equals("CREATE")
        ? rest(StatementKind.WRITE, StatementFlag.TEMPORARY_TABLE, StatementFlag.PINS_CONNECTION)
        : rest(StatementKind.WRITE, StatementFlag.TEMPORARY_TABLE);
  }

  /** A body of code: its semicolons end nothing, and where it ends is not looked for. */
  private Statement code(StatementFlag... flags) {
    boolean several = false;
    while (!lexer.isEnd()) {
      boolean semicolon = lexer.isSymbol(';');
      inspector.step();
      several |= semicolon && !lexer.isEnd();
    }
    int bits = several ? StatementFlag.PINS_CONNECTION.bit() : 0;
    return Statement.of(
        StatementKind.WRITE, Statement.of(StatementKind.WRITE, flags).flags() | bits);
  }

  private Statement load() {
    boolean local = false;
    while (!atEnd() && !lexer.isWord("INFILE")) {
      local |= lexer.isWord("LOCAL");
      step();
    }
    Statement statement =
        local ? rest(StatementKind.WRITE, StatementFlag.LOAD_LOCAL) : rest(StatementKind.WRITE);
    return statement.has(StatementFlag.USER_VARIABLE)
        ? inspector.as(
            StatementKind.WRITE,
            local ? StatementFlag.LOAD_LOCAL : StatementFlag.USER_VARIABLE,
            StatementFlag.USER_VARIABLE_WRITE)
        : statement;
  }

  private Statement locks(String verb) {
    boolean with = false;
    boolean keeps = verb.equals("LOCK");
    while (!atEnd()) {
      with |= lexer.isWord("WITH") || lexer.isWord("FOR");
      step();
    }
    if (verb.equals("UNLOCK")) {
      return inspector.as(StatementKind.WRITE, StatementFlag.UNLOCK_TABLES);
    }
    return keeps || with
        ? inspector.as(StatementKind.WRITE, StatementFlag.LOCK_TABLES)
        : inspector.as(StatementKind.WRITE);
  }

  /** Never goes behind the semicolon. */
  private void step() {
    if (!atEnd()) {
      inspector.step();
    }
  }

  private boolean atEnd() {
    return lexer.isEnd() || lexer.isSymbol(';');
  }
}
