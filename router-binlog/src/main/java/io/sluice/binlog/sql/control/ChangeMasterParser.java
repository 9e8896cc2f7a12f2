package io.sluice.binlog.sql.control;

import io.sluice.binlog.control.MasterChange;
import io.sluice.binlog.master.UseGtid;
import io.sluice.binlog.sql.Tokens;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Parses the options of CHANGE MASTER TO. An option that the relay cannot honour is remembered, so
 * that it can be refused by name; with the value that means "nothing of the kind" it is accepted.
 * Confined to one parse.
 */
final class ChangeMasterParser {
  private static final int MAX_USER = 128;
  private static final int MAX_PASSWORD = 96;

  private final Tokens tokens;
  private final SqlLexer lexer;
  private final OptionValues values;
  private final MasterChange.Builder change = MasterChange.builder();
  private @Nullable String unsupported;

  ChangeMasterParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
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

  private void option() {
    if (!lexer.is(TokenType.WORD)) {
      throw tokens.syntax();
    }
    String name = lexer.text().toUpperCase(Locale.ROOT);
    switch (name) {
      case "MASTER_HOST" -> change.host(values.text(name, OptionValues.MAX_HOST));
      case "MASTER_USER" -> change.user(values.text(name, MAX_USER));
      case "MASTER_PASSWORD" -> change.password(values.text(name, MAX_PASSWORD));
      case "MASTER_PORT" -> change.port(values.smallNumber());
      case "MASTER_CONNECT_RETRY" -> change.connectRetry(values.seconds());
      case "MASTER_HEARTBEAT_PERIOD" -> change.heartbeatPeriod(values.heartbeat());
      case "MASTER_LOG_FILE" -> change.logFile(values.text(name, OptionValues.MAX_FILE));
      case "MASTER_LOG_POS" -> change.logPos(values.number());
      case "MASTER_USE_GTID" -> change.useGtid(useGtid());
      case "MASTER_SSL" -> change.ssl(values.number() != 0);
      case "MASTER_SSL_VERIFY_SERVER_CERT" -> change.sslVerify(values.number() != 0);
      case "MASTER_SSL_CA" -> change.sslCa(values.text(name, OptionValues.MAX_FILE));
      case "MASTER_SSL_CERT" -> change.sslCert(values.text(name, OptionValues.MAX_FILE));
      case "MASTER_SSL_KEY" -> change.sslKey(values.text(name, OptionValues.MAX_FILE));
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
          neutral(name, values.text(name, OptionValues.MAX_FILE).isEmpty());
      case "MASTER_DELAY", "MASTER_DEMOTE_TO_SLAVE", "MASTER_RETRY_COUNT" ->
          neutral(name, values.number() == 0);
      case "RELAY_LOG_FILE" -> {
        values.text(name, OptionValues.MAX_FILE);
        neutral(name, false);
      }
      case "RELAY_LOG_POS" -> {
        values.number();
        neutral(name, false);
      }
      case "IGNORE_SERVER_IDS", "DO_DOMAIN_IDS", "IGNORE_DOMAIN_IDS" ->
          neutral(name, values.list() == 0);
      default -> throw tokens.syntax();
    }
  }

  private void neutral(String name, boolean meansNothing) {
    if (!meansNothing && unsupported == null) {
      unsupported = name;
    }
  }

  private UseGtid useGtid() {
    values.equal();
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
}
