package io.sluice.binlog.sql.control;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.control.MasterChange;
import io.sluice.binlog.master.UseGtid;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.Tokens;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Parses the options of CHANGE MASTER TO. An option that the relay cannot honour is remembered, so
 * that it can be refused by name; with the value that means "nothing of the kind" it is accepted.
 * Confined to one parse.
 */
final class ChangeMasterParser {
  private static final int TOO_LONG = 1470;
  private static final int HEARTBEAT_RANGE = 1624;
  private static final BigDecimal MAX_HEARTBEAT = new BigDecimal("4294967");
  private static final BigInteger MAX_POSITION = BigInteger.valueOf(Long.MAX_VALUE);
  private static final int MAX_HOST = 255;
  private static final int MAX_USER = 128;
  private static final int MAX_PASSWORD = 96;
  private static final int MAX_FILE = 512;
  private static final int SHOWN = 67;

  private final Tokens tokens;
  private final SqlLexer lexer;
  private final MasterChange.Builder change = MasterChange.builder();
  private @Nullable String unsupported;

  ChangeMasterParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
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

  private void option() {
    if (!lexer.is(TokenType.WORD)) {
      throw tokens.syntax();
    }
    String name = lexer.text().toUpperCase(Locale.ROOT);
    switch (name) {
      case "MASTER_HOST" -> change.host(text(name, MAX_HOST));
      case "MASTER_USER" -> change.user(text(name, MAX_USER));
      case "MASTER_PASSWORD" -> change.password(text(name, MAX_PASSWORD));
      case "MASTER_PORT" -> change.port((int) Math.min(number(), Integer.MAX_VALUE));
      case "MASTER_CONNECT_RETRY" ->
          change.connectRetry(Duration.ofSeconds(Math.min(number(), Integer.MAX_VALUE)));
      case "MASTER_HEARTBEAT_PERIOD" -> change.heartbeatPeriod(heartbeat());
      case "MASTER_LOG_FILE" -> change.logFile(text(name, MAX_FILE));
      case "MASTER_LOG_POS" -> change.logPos(number());
      case "MASTER_USE_GTID" -> change.useGtid(useGtid());
      case "MASTER_SSL" -> change.ssl(number() != 0);
      case "MASTER_SSL_VERIFY_SERVER_CERT" -> change.sslVerify(number() != 0);
      case "MASTER_SSL_CA" -> change.sslCa(text(name, MAX_FILE));
      case "MASTER_SSL_CERT" -> change.sslCert(text(name, MAX_FILE));
      case "MASTER_SSL_KEY" -> change.sslKey(text(name, MAX_FILE));
      default -> other(name);
    }
  }

  private void other(String name) {
    switch (name) {
      case "MASTER_SSL_CAPATH",
          "MASTER_SSL_CIPHER",
          "MASTER_SSL_CRL",
          "MASTER_SSL_CRLPATH",
          "MASTER_BIND" ->
          neutral(name, text(name, MAX_FILE).isEmpty());
      case "MASTER_DELAY", "MASTER_DEMOTE_TO_SLAVE", "MASTER_RETRY_COUNT" ->
          neutral(name, number() == 0);
      case "RELAY_LOG_FILE" -> {
        text(name, MAX_FILE);
        neutral(name, false);
      }
      case "RELAY_LOG_POS" -> {
        number();
        neutral(name, false);
      }
      case "IGNORE_SERVER_IDS", "DO_DOMAIN_IDS", "IGNORE_DOMAIN_IDS" -> neutral(name, list() == 0);
      default -> throw tokens.syntax();
    }
  }

  private void neutral(String name, boolean meansNothing) {
    if (!meansNothing && unsupported == null) {
      unsupported = name;
    }
  }

  private void equal() {
    lexer.next();
    tokens.expect('=');
  }

  private String text(String name, int most) {
    equal();
    String value = tokens.string();
    if (value.codePointCount(0, value.length()) > most) {
      String shown = name.equals("MASTER_PASSWORD") ? "" : value.substring(0, SHOWN);
      throw new SqlError(
          new ReplyError(
              TOO_LONG,
              "HY000",
              "String '"
                  + shown
                  + "...' is too long for "
                  + name
                  + " (should be no longer than "
                  + most
                  + ")"));
    }
    return value;
  }

  /** A whole number; one that is too large is the largest, as for servers. */
  private long number() {
    equal();
    if (!lexer.is(TokenType.NUMBER)) {
      throw tokens.syntax();
    }
    try {
      BigInteger value = new BigDecimal(lexer.text()).toBigInteger();
      lexer.next();
      return value.min(MAX_POSITION).longValue();
    } catch (NumberFormatException e) {
      throw tokens.syntax();
    }
  }

  /** Below a millisecond is none. */
  private Duration heartbeat() {
    equal();
    if (!lexer.is(TokenType.NUMBER)) {
      throw tokens.syntax();
    }
    BigDecimal seconds = new BigDecimal(lexer.text());
    lexer.next();
    if (seconds.compareTo(MAX_HEARTBEAT) > 0) {
      throw new SqlError(
          new ReplyError(
              HEARTBEAT_RANGE,
              "HY000",
              "The requested value for the heartbeat period is either negative or exceeds the"
                  + " maximum allowed (4294967 seconds)"));
    }
    return Duration.ofMillis(seconds.movePointRight(3).setScale(0, RoundingMode.DOWN).longValue());
  }

  private UseGtid useGtid() {
    equal();
    String word = lexer.is(TokenType.WORD) ? lexer.text().toUpperCase(Locale.ROOT) : "";
    UseGtid use =
        switch (word) {
          case "NO" -> UseGtid.NO;
          case "SLAVE_POS", "REPLICA_POS" -> UseGtid.SLAVE_POS;
          case "CURRENT_POS" -> UseGtid.CURRENT_POS;
          default -> throw tokens.syntax();
        };
    lexer.next();
    return use;
  }

  /** A list of numbers; how many there are. */
  private int list() {
    equal();
    tokens.expect('(');
    int count = 0;
    if (!lexer.isSymbol(')')) {
      do {
        tokens.number();
        count++;
      } while (lexer.accept(','));
    }
    tokens.expect(')');
    return count;
  }
}
