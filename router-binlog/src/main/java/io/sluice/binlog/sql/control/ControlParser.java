package io.sluice.binlog.sql.control;

import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.sql.ReplicationWords;
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

  private static final List<String> LOGIN =
      List.of("USER", "PASSWORD", "DEFAULT_AUTH", "PLUGIN_DIR");

  private final Tokens tokens;
  private final SqlLexer lexer;
  private final ReplicationWords words;

  /** From the first word of the statement. */
  public ControlParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
    this.words = tokens.words();
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
      case "CHANGE" -> words.isMariaDb() ? changeMaster() : changeSource();
      case "START" -> start();
      case "STOP" -> stop();
      case "RESET" -> reset();
      case "PURGE" -> purge();
      case "FLUSH" -> flush();
      default -> throw tokens.syntax();
    };
  }

  private ControlStatement kill() {
    if (words.isMariaDb() && !lexer.accept("HARD")) {
      lexer.accept("SOFT");
    }
    boolean query = lexer.accept("QUERY");
    if (!query) {
      lexer.accept("CONNECTION");
    }
    if (!words.isMariaDb() && lexer.is(TokenType.WORD) && !lexer.isWord("NULL")) {
      lexer.next();
      throw tokens.syntax();
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
        channel(connection), options.change(), options.unsupported(), false);
  }

  /** MySQL's two forms, and the filter of what is applied, of which there is nothing here. */
  private ControlStatement changeSource() {
    if (words.hasOld() && lexer.accept("MASTER")) {
      deprecated(words.hasChangeSource(), "CHANGE MASTER", "CHANGE REPLICATION SOURCE");
    } else {
      if (!lexer.isWord("REPLICATION") || !(words.hasChangeSource() || words.hasFilters())) {
        throw tokens.syntax();
      }
      lexer.next();
      if (words.hasFilters() && lexer.isWord("FILTER")) {
        throw SqlError.unsupported("CHANGE REPLICATION FILTER");
      }
      if (!words.hasChangeSource()) {
        throw tokens.syntax();
      }
      tokens.expect("SOURCE");
    }
    tokens.expect("TO");
    ChangeSourceParser options = new ChangeSourceParser(tokens);
    options.options();
    return new ControlStatement.ChangeMaster(
        channel(""), options.change(), options.unsupported(), options.namesUser());
  }

  private void deprecated(boolean really, String old, String instead) {
    if (really && !words.isMariaDb()) {
      tokens.deprecated(old, instead);
    }
  }

  /** The name of a connection, which only MariaDB has here. */
  private String name() {
    return words.isMariaDb() && lexer.is(TokenType.STRING) ? tokens.string() : "";
  }

  /** FOR CHANNEL 'name', if it is there. */
  private String channel(String connection) {
    if (!words.hasChannels() || !lexer.accept("FOR")) {
      return connection;
    }
    tokens.expect("CHANNEL");
    return tokens.string();
  }

  /** Goes behind SLAVE or REPLICA, which follow a verb. */
  private void slave(String verb) {
    if (words.hasReplica() && lexer.accept("REPLICA")) {
      return;
    }
    if (!words.hasOld()) {
      throw tokens.syntax();
    }
    tokens.expect("SLAVE");
    deprecated(words.hasReplica(), verb + " SLAVE", verb + " REPLICA");
  }

  /** ALL SLAVES, if it is there. */
  private boolean every() {
    if (!words.isMariaDb() || !lexer.accept("ALL")) {
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
    slave("START");
    String connection = name();
    Threads threads = threads();
    boolean until = lexer.accept("UNTIL");
    if (until && words.isMariaDb()) {
      if (!lexer.is(TokenType.WORD)) {
        throw tokens.syntax();
      }
      tokens.skipRest();
    } else if (until) {
      new UntilParser(tokens).parse();
    }
    if (!words.isMariaDb()) {
      login();
    }
    return new ControlStatement.StartSlave(channel(connection), false, threads, until);
  }

  /** MySQL's user for one start, which would be another one at the next reconnect. */
  private void login() {
    for (String option : LOGIN) {
      if (lexer.isWord(option)) {
        throw SqlError.unsupported(
            "START " + (words.hasReplica() ? "REPLICA" : "SLAVE") + " " + option);
      }
    }
  }

  private ControlStatement stop() {
    if (every()) {
      return new ControlStatement.StopSlave("", true, Threads.ALL);
    }
    slave("STOP");
    String connection = name();
    Threads threads = threads();
    return new ControlStatement.StopSlave(channel(connection), false, threads);
  }

  private ControlStatement reset() {
    if (words.hasOld() && lexer.accept("MASTER")) {
      deprecated(words.hasBinaryLogStatus(), "RESET MASTER", "RESET BINARY LOGS AND GTIDS");
      return resetLog();
    }
    if (!words.isMariaDb() && words.hasBinaryLogStatus() && lexer.accept("BINARY")) {
      tokens.expect("LOGS");
      tokens.expect("AND");
      tokens.expect("GTIDS");
      return resetLog();
    }
    if (hasQueryCache() && lexer.accept("QUERY")) {
      if (!words.isMariaDb()) {
        tokens.expect("CACHE");
      }
      throw SqlError.unsupported("RESET QUERY CACHE");
    }
    slave("RESET");
    String connection = name();
    boolean all = lexer.accept("ALL");
    return new ControlStatement.ResetSlave(channel(connection), all);
  }

  private ControlStatement resetLog() {
    if (lexer.accept("TO")) {
      tokens.number();
    }
    return new ControlStatement.ResetMaster();
  }

  private boolean hasQueryCache() {
    return words.isMariaDb() || !tokens.version().isAtLeast(8, 0);
  }

  private ControlStatement purge() {
    if (!words.hasOld() || !lexer.accept("MASTER")) {
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
    if (words.isMariaDb() ? FLUSHED.contains(word) : isFlushedByMySql(word)) {
      lexer.next();
      return word;
    }
    if (word.equals("QUERY") && hasQueryCache()) {
      lexer.next();
      tokens.expect("CACHE");
      return "QUERY CACHE";
    }
    if (!LOG_KINDS.contains(word)) {
      throw tokens.syntax();
    }
    lexer.next();
    if (word.equals("RELAY")) {
      name();
    }
    tokens.expect("LOGS");
    if (word.equals("RELAY") && !words.isMariaDb()) {
      String channel = channel("");
      if (!channel.isEmpty()) {
        throw words.unknownChannel(channel);
      }
    }
    return word + " LOGS";
  }

  private boolean isFlushedByMySql(String word) {
    PresentedVersion version = tokens.version();
    return switch (word) {
      case "LOGS", "PRIVILEGES", "STATUS", "USER_RESOURCES" -> true;
      case "HOSTS" -> !version.isAtLeast(8, 4);
      case "OPTIMIZER_COSTS" -> version.isAtLeast(5, 7);
      case "DES_KEY_FILE" -> !version.isAtLeast(8, 0);
      default -> false;
    };
  }
}
