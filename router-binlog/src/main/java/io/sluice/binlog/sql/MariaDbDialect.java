package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** MariaDB's. Immutable. */
record MariaDbDialect(PresentedVersion version) implements Dialect {

  @Override
  public boolean knows(Command command) {
    return true;
  }

  @Override
  public boolean keepsDiagnostics() {
    return true;
  }

  @Override
  public void blankComments(byte[] sql) {
    VersionComments.blank(sql, version.number());
  }

  @Override
  public boolean isDollarQuote(String word) {
    return false;
  }

  @Override
  public SqlError unknownColumn(String name) {
    return new SqlError(new ReplyError(1054, "42S22", "Unknown column '" + name + "' in 'SELECT'"));
  }

  @Override
  public SqlError unknownFunction(String name) {
    return new SqlError(
        new ReplyError(
            1305, "42000", "FUNCTION " + name.toLowerCase(Locale.ROOT) + " does not exist"));
  }

  @Override
  public SqlError needlessArguments(String name) {
    return SqlError.unsupported(name + " with arguments");
  }

  @Override
  public SqlError noTable(String database, String table) {
    return SqlError.unsupported("SELECT ... FROM");
  }

  @Override
  public SqlModes modes() {
    return SqlModes.MARIADB;
  }

  @Override
  public @Nullable Charset charset(String name, @Nullable String overrides) {
    return MariaDbCharsets.of(name, overrides);
  }

  @Override
  public @Nullable Charset collation(String name) {
    return null;
  }

  @Override
  public String collationName(String name) {
    return name;
  }

  @Override
  public Charset collated(Charset charset, String collation) {
    Charset with = MariaDbCharsets.with(charset, collation);
    if (with == null) {
      throw SqlError.wrongCollation(collation, charset.name());
    }
    return with;
  }

  @Override
  public @Nullable Charset login(int collation, @Nullable String overrides) {
    return MariaDbCharsets.ofLogin(collation, overrides);
  }

  @Override
  public Diagnostics.@Nullable Condition warning(String charset) {
    return null;
  }

  @Override
  public ColumnDefinition column(String label, SqlValue value) {
    return Columns.of(label, value);
  }

  @Override
  public VariableRules variables() {
    return MariaDbVariables.INSTANCE;
  }
}
