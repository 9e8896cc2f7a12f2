package io.sluice.binlog.sql.show;

import io.sluice.binlog.sql.ReplicationWords;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.Tokens;
import io.sluice.binlog.sql.show.ShowStatement.Limit;
import io.sluice.binlog.sql.show.ShowStatement.Subject;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses what stands behind SHOW. Confined to one parse. */
public final class ShowParser {
  private static final BigInteger MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final long FIRST_EVENT = 4;

  /** What servers can show besides; anything else is no SQL. */
  private static final Set<String> OTHER =
      Set.of(
          "AUTHORS",
          "CHARACTER",
          "CHARSET",
          "COLLATION",
          "COLUMNS",
          "CONTRIBUTORS",
          "CREATE",
          "ENGINE",
          "ENGINES",
          "EVENTS",
          "EXPLAIN",
          "FIELDS",
          "FUNCTION",
          "INDEX",
          "INDEXES",
          "KEYS",
          "LOCALES",
          "OPEN",
          "PACKAGE",
          "PLUGINS",
          "PRIVILEGES",
          "PROCEDURE",
          "PROFILE",
          "PROFILES",
          "STORAGE",
          "TABLE",
          "TABLES",
          "TABLE_STATISTICS",
          "TRIGGERS",
          "USER_STATISTICS");

  private final Tokens tokens;
  private final SqlLexer lexer;
  private final ReplicationWords words;

  /** From behind the word SHOW. */
  public ShowParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
    this.words = tokens.words();
  }

  /** The statement. */
  public ShowStatement show() {
    if (lexer.accept("GLOBAL")) {
      return variablesOrStatus(true);
    }
    if (lexer.accept("SESSION") || lexer.accept("LOCAL")) {
      return variablesOrStatus(false);
    }
    String word = lexer.is(TokenType.WORD) ? lexer.text().toUpperCase(Locale.ROOT) : "";
    return switch (word) {
      case "VARIABLES", "STATUS" -> variablesOrStatus(false);
      case "MASTER", "BINARY", "BINLOG" -> log(word);
      case "RELAYLOG" -> relayLog();
      case "SLAVE", "REPLICA" -> words.isMariaDb() ? slave() : replica(word);
      case "REPLICAS" -> replicas();
      case "ALL" -> allSlaves();
      case "FULL" -> full();
      case "PROCESSLIST" -> words(Subject.PROCESSLIST, "PROCESSLIST");
      case "WARNINGS" -> conditions(Subject.WARNINGS);
      case "ERRORS" -> conditions(Subject.ERRORS);
      case "COUNT" -> count();
      case "GRANTS" -> grants();
      case "DATABASES", "SCHEMAS" -> {
        tokens.skipRest();
        yield ShowStatement.of(Subject.DATABASES);
      }
      default -> {
        if (OTHER.contains(word)) {
          throw SqlError.unsupported("SHOW " + word);
        }
        throw tokens.syntax();
      }
    };
  }

  private ShowStatement variablesOrStatus(boolean global) {
    if (lexer.accept("VARIABLES")) {
      Subject subject = global ? Subject.GLOBAL_VARIABLES : Subject.SESSION_VARIABLES;
      return ShowStatement.filtered(subject, new FilterParser(tokens).filter());
    }
    tokens.expect("STATUS");
    return ShowStatement.filtered(
        global ? Subject.GLOBAL_STATUS : Subject.STATUS, new FilterParser(tokens).filter());
  }

  private ShowStatement words(Subject subject, String... words) {
    for (String word : words) {
      tokens.expect(word);
    }
    return ShowStatement.of(subject);
  }

  /** SHOW FULL PROCESSLIST; other things that can be shown in full need tables. */
  private ShowStatement full() {
    lexer.next();
    for (String word : new String[] {"TABLES", "COLUMNS", "FIELDS", "TRIGGERS"}) {
      if (lexer.isWord(word)) {
        throw SqlError.unsupported("SHOW FULL " + word);
      }
    }
    return words(Subject.FULL_PROCESSLIST, "PROCESSLIST");
  }

  /** Goes behind a word that this version does not need to know. */
  private void known(boolean isKnown) {
    if (!isKnown) {
      throw tokens.syntax();
    }
    lexer.next();
  }

  private ShowStatement log(String word) {
    known(!word.equals("MASTER") || words.hasOld());
    if (!word.equals("BINLOG") && lexer.accept("LOGS")) {
      return ShowStatement.of(Subject.BINARY_LOGS);
    }
    if (word.equals("BINLOG") && lexer.accept("EVENTS")) {
      return events(Subject.BINLOG_EVENTS, "");
    }
    if (word.equals("BINARY")) {
      if (!words.hasBinaryLogStatus()) {
        throw tokens.syntax();
      }
      return words(Subject.MASTER_STATUS, "LOG", "STATUS");
    }
    if (word.equals("BINLOG") && !words.isMariaDb()) {
      throw tokens.syntax();
    }
    if (!words.isMariaDb() && words.hasBinaryLogStatus()) {
      tokens.deprecated("SHOW MASTER STATUS", "SHOW BINARY LOG STATUS");
    }
    return words(Subject.MASTER_STATUS, "STATUS");
  }

  private ShowStatement relayLog() {
    lexer.next();
    String connection = name();
    tokens.expect("EVENTS");
    return events(Subject.RELAYLOG_EVENTS, connection);
  }

  private ShowStatement events(Subject subject, String connection) {
    @Nullable String file = lexer.accept("IN") ? tokens.string() : null;
    long from = lexer.accept("FROM") ? position() : FIRST_EVENT;
    Limit limit = limit();
    String name = subject == Subject.RELAYLOG_EVENTS ? channel(connection) : "";
    return new ShowStatement(
        subject, null, new EventRange(file, from, limit.offset(), limit.count()), name, Limit.NONE);
  }

  /** An unsigned number; a larger one than there can be is the largest. */
  private long position() {
    if (!lexer.is(TokenType.NUMBER)) {
      throw tokens.syntax();
    }
    try {
      BigInteger value = new BigInteger(lexer.text());
      lexer.next();
      return value.min(MAX).longValue();
    } catch (NumberFormatException e) {
      throw tokens.syntax();
    }
  }

  private Limit limit() {
    if (!lexer.accept("LIMIT")) {
      return Limit.NONE;
    }
    long first = tokens.number();
    if (lexer.accept(',')) {
      return new Limit(first, tokens.number());
    }
    return new Limit(lexer.accept("OFFSET") ? tokens.number() : 0, first);
  }

  private ShowStatement slave() {
    lexer.next();
    if (lexer.accept("HOSTS")) {
      return ShowStatement.of(Subject.SLAVE_HOSTS);
    }
    String connection = name();
    tokens.expect("STATUS");
    return ShowStatement.named(Subject.SLAVE_STATUS, channel(connection));
  }

  /** The name of a connection, which only MariaDB has here. */
  private String name() {
    return words.isMariaDb() && lexer.is(TokenType.STRING) ? tokens.string() : "";
  }

  /** What MySQL knows behind SLAVE and REPLICA. */
  private ShowStatement replica(String word) {
    boolean old = word.equals("SLAVE");
    known(old ? words.hasOld() : words.hasReplica());
    if (old && lexer.accept("HOSTS")) {
      deprecated("SHOW SLAVE HOSTS", "SHOW REPLICAS");
      return ShowStatement.of(Subject.SLAVE_HOSTS);
    }
    tokens.expect("STATUS");
    if (old) {
      deprecated("SHOW SLAVE STATUS", "SHOW REPLICA STATUS");
    }
    return ShowStatement.named(old ? Subject.SLAVE_STATUS : Subject.REPLICA_STATUS, channel(""));
  }

  private void deprecated(String old, String instead) {
    if (words.hasReplica()) {
      tokens.deprecated(old, instead);
    }
  }

  private ShowStatement replicas() {
    known(words.hasReplicas());
    return ShowStatement.of(words.isMariaDb() ? Subject.SLAVE_HOSTS : Subject.REPLICAS);
  }

  /** FOR CHANNEL 'name', if it is there. */
  private String channel(String connection) {
    if (!words.hasChannels() || !lexer.accept("FOR")) {
      return connection;
    }
    tokens.expect("CHANNEL");
    return tokens.string();
  }

  private ShowStatement allSlaves() {
    known(words.isMariaDb());
    if (!lexer.accept("REPLICAS")) {
      tokens.expect("SLAVES");
    }
    return words(Subject.ALL_SLAVES_STATUS, "STATUS");
  }

  private ShowStatement conditions(Subject subject) {
    lexer.next();
    return new ShowStatement(subject, null, null, "", limit());
  }

  private ShowStatement count() {
    lexer.next();
    tokens.expect('(');
    tokens.expect('*');
    tokens.expect(')');
    if (lexer.accept("ERRORS")) {
      return ShowStatement.of(Subject.ERROR_COUNT);
    }
    return words(Subject.WARNING_COUNT, "WARNINGS");
  }

  private ShowStatement grants() {
    lexer.next();
    if (!lexer.accept("FOR")) {
      return ShowStatement.of(Subject.GRANTS);
    }
    if (lexer.accept("CURRENT_USER")) {
      if (lexer.accept('(')) {
        tokens.expect(')');
      }
      return ShowStatement.of(Subject.GRANTS);
    }
    String user = tokens.name();
    String host = "%";
    if (lexer.is(TokenType.USER_VARIABLE)) {
      host = lexer.value();
      lexer.next();
    }
    return ShowStatement.named(Subject.GRANTS, user + "@" + host);
  }
}
