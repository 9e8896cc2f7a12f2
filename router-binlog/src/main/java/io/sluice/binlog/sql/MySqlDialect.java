package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** MySQL's, 5.6 to 9.7. Immutable. */
record MySqlDialect(PresentedVersion version) implements Dialect {
  private static final int NO_DATABASE_SELECTED = 1046;

  @Override
  public boolean knows(Command command) {
    return switch (command) {
      case PROCESS_INFO, PROCESS_KILL -> !version.isAtLeast(8, 4);
      case RESET_CONNECTION -> version.isAtLeast(5, 7);
      default -> true;
    };
  }

  @Override
  public boolean keepsDiagnostics() {
    return !version.isAtLeast(5, 7);
  }

  @Override
  public void blankComments(byte[] sql) {
    MySqlComments.blank(sql, version.number(), version.isAtLeast(8, 0) ? 6 : 5);
  }

  @Override
  public boolean isDollarQuote(String word) {
    return version.isAtLeast(8, 1) && word.startsWith("$") && word.indexOf('$', 1) > 0;
  }

  @Override
  public SqlError unknownColumn(String name) {
    return new SqlError(
        new ReplyError(1054, "42S22", "Unknown column '" + name + "' in 'field list'"));
  }

  @Override
  public SqlError unknownFunction(String name) {
    // Nobody has a database here, in which a newer server looks first.
    return new SqlError(
        version.isAtLeast(8, 0)
            ? new ReplyError(NO_DATABASE_SELECTED, "3D000", "No database selected")
            : new ReplyError(
                1305, "42000", "FUNCTION " + name.toLowerCase(Locale.ROOT) + " does not exist"));
  }

  @Override
  public SqlError needlessArguments(String name) {
    return Functions.wrongCount(name);
  }

  @Override
  public SqlError noTable(String database, String table) {
    return switch (database.toLowerCase(Locale.ROOT)) {
      case "information_schema" ->
          new SqlError(
              new ReplyError(
                  1109,
                  "42S02",
                  "Unknown table '" + table.toUpperCase(Locale.ROOT) + "' in information_schema"));
      case "performance_schema", "sys" ->
          new SqlError(
              new ReplyError(
                  1146, "42S02", "Table '" + database + "." + table + "' doesn't exist"));
      default -> SqlError.unsupported("SELECT ... FROM");
    };
  }

  @Override
  public SqlModes modes() {
    return SqlModes.ofMySql(version);
  }

  @Override
  public @Nullable Charset charset(String name, @Nullable String overrides) {
    return MySqlCharsets.charset(version, name);
  }

  @Override
  public @Nullable Charset collation(String name) {
    return MySqlCharsets.collation(version, name);
  }

  @Override
  public String collationName(String name) {
    return known(name).collation();
  }

  private Charset known(String name) {
    Charset charset = collation(name);
    if (charset == null) {
      throw new SqlError(new ReplyError(1273, "HY000", "Unknown collation: '" + name + "'"));
    }
    return charset;
  }

  @Override
  public Charset collated(Charset charset, String name) {
    Charset with = known(name);
    if (!with.name().equals(charset.name())) {
      throw SqlError.wrongCollation(name, charset.name());
    }
    return with;
  }

  @Override
  public @Nullable Charset login(int collation, @Nullable String overrides) {
    return MySqlCharsets.number(version, collation);
  }

  @Override
  public Diagnostics.@Nullable Condition warning(String charset) {
    if (!version.isAtLeast(8, 0)) {
      return null;
    }
    return switch (charset.toLowerCase(Locale.ROOT)) {
      case "utf8" ->
          new Diagnostics.Condition(
              Diagnostics.Level.WARNING,
              3719,
              "'utf8' is currently an alias for the character set UTF8MB3, but will be an alias for UTF8MB4 in a future release. Please consider using UTF8MB4 in order to be unambiguous.");
      case "utf8mb3" ->
          new Diagnostics.Condition(
              Diagnostics.Level.WARNING,
              1287,
              "'utf8mb3' is deprecated and will be removed in a future release. Please use utf8mb4 instead");
      default -> null;
    };
  }

  @Override
  public ColumnDefinition column(String label, SqlValue value) {
    return MySqlColumns.of(version, label, value);
  }

  @Override
  public VariableRules variables() {
    return MySqlVariables.of(version);
  }
}
