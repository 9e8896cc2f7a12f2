package io.sluice.binlog.sql.control;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.control.MasterChange;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.sql.ReplicationWords;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.Tokens;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses the options of MySQL's CHANGE REPLICATION SOURCE TO and CHANGE MASTER TO. An option that
 * the relay cannot honour is remembered, so that it can be refused by name; with the value that
 * means "nothing of the kind" it is accepted. Confined to one parse.
 */
final class ChangeSourceParser {
  private static final int PASSWORD_TOO_LONG = 3056;
  private static final int DELAY_RANGE = 1729;
  private static final int MAX_USER = 96;
  private static final int MAX_PASSWORD = 32;
  private static final int OLD_MAX_PASSWORD = 96;
  private static final int MAX_LEVEL = 22;
  private static final Set<String> ALGORITHMS = Set.of("zlib", "zstd", "uncompressed");

  private final Tokens tokens;
  private final SqlLexer lexer;
  private final PresentedVersion version;
  private final ReplicationWords words;
  private final OptionValues values;
  private final MasterChange.Builder change = MasterChange.builder();
  private @Nullable String unsupported;
  private boolean namesUser;

  ChangeSourceParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
    this.version = tokens.version();
    this.words = tokens.words();
    this.values = new OptionValues(tokens);
  }

  /** From the first option on. */
  void options() {
    do {
      option();
    } while (lexer.accept(','));
  }

  /** What was asked for. */
  MasterChange change() {
    return change.build();
  }

  /** The first option that cannot be honoured, or null. */
  @Nullable String unsupported() {
    return unsupported;
  }

  /** Whether a user or password is among the options, which servers have something to say to. */
  boolean namesUser() {
    return namesUser;
  }

  private void option() {
    if (!lexer.is(TokenType.WORD)) {
      throw tokens.syntax();
    }
    String name = lexer.text().toUpperCase(Locale.ROOT);
    if (!address(name) && !security(name) && !(version.isAtLeast(5, 7) && newer(name))) {
      other(name);
    }
  }

  /** What the name says behind MASTER_ or SOURCE_, if such names are known; else the whole name. */
  private String plain(String name) {
    if (name.startsWith("MASTER_") && words.hasOld()) {
      return name.substring("MASTER_".length());
    }
    if (name.startsWith("SOURCE_") && words.hasChangeSource()) {
      return name.substring("SOURCE_".length());
    }
    return "";
  }

  private boolean address(String name) {
    switch (plain(name)) {
      case "HOST" -> change.host(values.text(name, OptionValues.MAX_HOST));
      case "PORT" -> change.port(values.smallNumber());
      case "USER" -> {
        namesUser = true;
        change.user(values.text(name, MAX_USER));
      }
      case "PASSWORD" -> {
        namesUser = true;
        change.password(password(name));
      }
      case "CONNECT_RETRY" -> change.connectRetry(values.seconds());
      case "RETRY_COUNT" -> change.retryCount(values.smallNumber());
      case "HEARTBEAT_PERIOD" -> change.heartbeatPeriod(values.heartbeat());
      case "LOG_FILE" -> change.logFile(values.text(name, OptionValues.MAX_FILE));
      case "LOG_POS" -> change.logPos(values.number());
      case "AUTO_POSITION" -> change.autoPosition(values.number() != 0);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean security(String name) {
    switch (plain(name)) {
      case "SSL" -> change.ssl(values.number() != 0);
      case "SSL_VERIFY_SERVER_CERT" -> change.sslVerify(values.number() != 0);
      case "SSL_CA" -> change.sslCa(values.text(name, OptionValues.MAX_FILE));
      case "SSL_CERT" -> change.sslCert(values.text(name, OptionValues.MAX_FILE));
      case "SSL_KEY" -> change.sslKey(values.text(name, OptionValues.MAX_FILE));
      case "SSL_CAPATH", "SSL_CIPHER", "SSL_CRL", "SSL_CRLPATH", "BIND" ->
          neutral(name, values.text(name, OptionValues.MAX_FILE).isEmpty());
      case "DELAY" -> neutral(name, delay() == 0);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean newer(String name) {
    String plain = plain(name);
    if (plain.equals("TLS_VERSION")) {
      neutral(name, values.text(name, OptionValues.MAX_FILE).isEmpty());
      return true;
    }
    if (!version.isAtLeast(8, 0)) {
      return false;
    }
    switch (plain) {
      case "TLS_CIPHERSUITES" ->
          neutral(name, values.textOrNull(name, OptionValues.MAX_FILE).isEmpty());
      case "PUBLIC_KEY_PATH" -> change.publicKeyPath(values.text(name, OptionValues.MAX_FILE));
      case "COMPRESSION_ALGORITHMS" -> neutral(name, compression(name));
      case "ZSTD_COMPRESSION_LEVEL" -> level(name);
      case "CONNECTION_AUTO_FAILOVER" -> neutral(name, values.number() == 0);
      default -> {
        return newest(name);
      }
    }
    return true;
  }

  private boolean newest(String name) {
    switch (name) {
      case "GET_MASTER_PUBLIC_KEY", "GET_SOURCE_PUBLIC_KEY" -> {
        if (name.startsWith("GET_MASTER") ? !words.hasOld() : !words.hasChangeSource()) {
          return false;
        }
        change.getPublicKey(values.number() != 0);
      }
      case "NETWORK_NAMESPACE" -> neutral(name, values.text(name, OptionValues.MAX_FILE).isEmpty());
      case "PRIVILEGE_CHECKS_USER" -> neutral(name, account());
      case "REQUIRE_ROW_FORMAT", "GTID_ONLY" -> neutral(name, values.number() == 0);
      case "REQUIRE_TABLE_PRIMARY_KEY_CHECK" -> neutral(name, word().equals("STREAM"));
      case "ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS" -> neutral(name, word().equals("OFF"));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void other(String name) {
    switch (name) {
      case "RELAY_LOG_FILE" -> {
        values.text(name, OptionValues.MAX_FILE);
        neutral(name, false);
      }
      case "RELAY_LOG_POS" -> {
        values.number();
        neutral(name, false);
      }
      case "IGNORE_SERVER_IDS" -> neutral(name, values.list() == 0);
      default -> throw tokens.syntax();
    }
  }

  private void neutral(String name, boolean meansNothing) {
    if (!meansNothing && unsupported == null) {
      unsupported = name;
    }
  }

  private String password(String name) {
    if (!version.isAtLeast(5, 7)) {
      return values.text(name, OLD_MAX_PASSWORD);
    }
    String value = values.text(name, Integer.MAX_VALUE);
    if (value.codePointCount(0, value.length()) > MAX_PASSWORD) {
      throw new SqlError(
          new ReplyError(
              PASSWORD_TOO_LONG,
              "HY000",
              "The password provided for the replication user exceeds the maximum length of 32"
                  + " characters"));
    }
    return value;
  }

  private long delay() {
    long delay = values.number();
    if (delay > Integer.MAX_VALUE) {
      throw new SqlError(
          new ReplyError(
              DELAY_RANGE,
              "HY000",
              "The requested value "
                  + delay
                  + " for the "
                  + words.source()
                  + " delay exceeds the maximum 2147483647"));
    }
    return delay;
  }

  /** Whether a list of algorithms begins with the wish for none. */
  private boolean compression(String name) {
    String list = values.text(name, OptionValues.MAX_FILE);
    String[] wanted = list.split(",", -1);
    for (String algorithm : wanted) {
      if (!ALGORITHMS.contains(algorithm)) {
        throw invalid(3920, name, "'" + list + "'");
      }
    }
    return wanted[0].equals("uncompressed");
  }

  private void level(String name) {
    long level = values.number();
    if (level < 1 || level > MAX_LEVEL) {
      throw invalid(3921, name, Long.toString(level));
    }
  }

  private static SqlError invalid(int code, String name, String value) {
    return new SqlError(
        new ReplyError(code, "HY000", "Invalid " + name + " " + value + " for channel ''."));
  }

  private String word() {
    values.equal();
    if (!lexer.is(TokenType.WORD) && !lexer.is(TokenType.STRING)) {
      throw tokens.syntax();
    }
    String word = lexer.value().toUpperCase(Locale.ROOT);
    lexer.next();
    return word;
  }

  /** An account, or NULL; whether it is NULL. */
  private boolean account() {
    values.equal();
    if (lexer.accept("NULL")) {
      return true;
    }
    tokens.name();
    if (lexer.is(TokenType.USER_VARIABLE)) {
      lexer.next();
    }
    return false;
  }
}
