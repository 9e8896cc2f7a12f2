package io.sluice.binlog.sql.control;

import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.Tokens;
import io.sluice.binlog.sql.control.ControlStatement.Threads;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Parses statements that change something. Confined to one parse. */
public final class ControlParser {
  private static final Set<String> FIRST_WORDS =
      Set.of("CHANGE", "START", "STOP", "RESET", "PURGE", "FLUSH", "KILL");
  private static final Set<String> LOG_KINDS =
      Set.of("BINARY", "RELAY", "ENGINE", "ERROR", "GENERAL", "SLOW");
  private static final Set<String> FLUSHED =
      Set.of("LOGS", "PRIVILEGES", "HOSTS", "STATUS", "USER_RESOURCES", "SSL", "THREADS");

  private final Tokens tokens;
  private final SqlLexer lexer;

  /** From the first word of the statement. */
  public ControlParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
  }

  /** Whether a statement with this first word, in upper case, is parsed here. */
  public static boolean knows(String firstWord) {
    return FIRST_WORDS.contains(firstWord);
  }

  /** The statement. */
  public ControlStatement parse() {
    String first = lexer.text().toUpperCase(Locale.ROOT);
    lexer.next();
    return switch (first) {
      case "KILL" -> kill();
      case "CHANGE" -> changeMaster();
      case "START" -> start();
      case "STOP" -> stop();
      case "RESET" -> reset();
      case "PURGE" -> purge();
      case "FLUSH" -> flush();
      default -> throw tokens.syntax();
    };
  }

  private ControlStatement kill() {
    if (!lexer.accept("HARD")) {
      lexer.accept("SOFT");
    }
    boolean query = lexer.accept("QUERY");
    if (!query) {
      lexer.accept("CONNECTION");
    }
    if (lexer.isWord("USER") || lexer.isWord("ID")) {
      throw SqlError.unsupported("KILL " + lexer.text().toUpperCase(Locale.ROOT));
    }
    return new ControlStatement.Kill(tokens.number(), !query);
  }

  private ControlStatement changeMaster() {
    tokens.expect("MASTER");
    String connection = lexer.is(TokenType.STRING) ? tokens.string() : "";
    tokens.expect("TO");
    ChangeMasterParser options = new ChangeMasterParser(tokens);
    options.options();
    return new ControlStatement.ChangeMaster(
        channel(connection), options.change(), options.unsupported());
  }

  /** FOR CHANNEL 'name', if it is there. */
  private String channel(String connection) {
    if (!lexer.accept("FOR")) {
      return connection;
    }
    tokens.expect("CHANNEL");
    return tokens.string();
  }

  /** Goes behind SLAVE or REPLICA. */
  private void slave() {
    if (!lexer.accept("REPLICA")) {
      tokens.expect("SLAVE");
    }
  }

  /** ALL SLAVES, if it is there. */
  private boolean every() {
    if (!lexer.accept("ALL")) {
      return false;
    }
    if (!lexer.accept("REPLICAS")) {
      tokens.expect("SLAVES");
    }
    return true;
  }

  private Threads threads() {
    boolean receiving = false;
    boolean applying = false;
    while (lexer.isWord("IO_THREAD") || lexer.isWord("SQL_THREAD")) {
      receiving |= lexer.isWord("IO_THREAD");
      applying |= lexer.isWord("SQL_THREAD");
      lexer.next();
      if (!lexer.accept(',')) {
        break;
      }
      if (!lexer.isWord("IO_THREAD") && !lexer.isWord("SQL_THREAD")) {
        throw tokens.syntax();
      }
    }
    return receiving == applying ? Threads.ALL : receiving ? Threads.IO : Threads.SQL;
  }

  private ControlStatement start() {
    if (every()) {
      return new ControlStatement.StartSlave("", true, Threads.ALL, false);
    }
    slave();
    String connection = lexer.is(TokenType.STRING) ? tokens.string() : "";
    Threads threads = threads();
    boolean until = lexer.accept("UNTIL");
    if (until) {
      if (!lexer.is(TokenType.WORD)) {
        throw tokens.syntax();
      }
      tokens.skipRest();
    }
    return new ControlStatement.StartSlave(channel(connection), false, threads, until);
  }

  private ControlStatement stop() {
    if (every()) {
      return new ControlStatement.StopSlave("", true, Threads.ALL);
    }
    slave();
    String connection = lexer.is(TokenType.STRING) ? tokens.string() : "";
    Threads threads = threads();
    return new ControlStatement.StopSlave(channel(connection), false, threads);
  }

  private ControlStatement reset() {
    if (lexer.accept("MASTER")) {
      if (lexer.accept("TO")) {
        tokens.number();
      }
      return new ControlStatement.ResetMaster();
    }
    if (lexer.isWord("QUERY")) {
      throw SqlError.unsupported("RESET QUERY CACHE");
    }
    slave();
    String connection = lexer.is(TokenType.STRING) ? tokens.string() : "";
    boolean all = lexer.accept("ALL");
    return new ControlStatement.ResetSlave(channel(connection), all);
  }

  private ControlStatement purge() {
    if (!lexer.accept("MASTER")) {
      tokens.expect("BINARY");
    }
    tokens.expect("LOGS");
    if (lexer.accept("TO")) {
      return new ControlStatement.PurgeTo(tokens.string());
    }
    tokens.expect("BEFORE");
    return new ControlStatement.PurgeBefore(PurgeTime.parse(tokens));
  }

  private ControlStatement flush() {
    if (!lexer.accept("NO_WRITE_TO_BINLOG")) {
      lexer.accept("LOCAL");
    }
    if (lexer.accept("TABLE") || lexer.accept("TABLES")) {
      return new ControlStatement.Flush(List.of(tables()));
    }
    List<String> things = new ArrayList<>();
    do {
      things.add(flushed());
    } while (lexer.accept(','));
    return new ControlStatement.Flush(things);
  }

  private String tables() {
    boolean locked = false;
    while (!lexer.isEnd() && !lexer.isSymbol(';')) {
      locked |= lexer.isWord("LOCK") || lexer.isWord("EXPORT");
      lexer.next();
    }
    return locked ? "TABLES WITH READ LOCK" : "TABLES";
  }

  private String flushed() {
    String word = lexer.is(TokenType.WORD) ? lexer.text().toUpperCase(Locale.ROOT) : "";
    if (FLUSHED.contains(word)) {
      lexer.next();
      return word;
    }
    if (word.equals("QUERY")) {
      lexer.next();
      tokens.expect("CACHE");
      return "QUERY CACHE";
    }
    if (!LOG_KINDS.contains(word)) {
      throw tokens.syntax();
    }
    lexer.next();
    if (word.equals("RELAY") && lexer.is(TokenType.STRING)) {
      lexer.next();
    }
    tokens.expect("LOGS");
    return word + " LOGS";
  }
}
