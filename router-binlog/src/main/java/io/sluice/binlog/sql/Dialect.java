package io.sluice.binlog.sql;

import io.sluice.mysql.constant.Command;
import io.sluice.mysql.message.ColumnDefinition;
import org.jspecify.annotations.Nullable;

/**
 * How servers of one family and version read statements and word their answers: what differs
 * between MariaDB and MySQL outside SHOW is behind this. Immutable.
 */
sealed interface Dialect permits MariaDbDialect, MySqlDialect {

  /** The dialect of a version. */
  static Dialect of(PresentedVersion version) {
    return version.isMySql() ? new MySqlDialect(version) : new MariaDbDialect(version);
  }

  /** Whether such a server has a command. */
  boolean knows(Command command);

  /** Whether statements without tables leave the rows of SHOW WARNINGS alone. */
  boolean keepsDiagnostics();

  /** Overwrites the comments that such a server does not execute with blanks; offsets stay. */
  void blankComments(byte[] sql);

  /** Whether a bare word begins a text in dollars, of which a relay understands none. */
  boolean isDollarQuote(String word);

  /** There are no tables, so there is no such column. */
  SqlError unknownColumn(String name);

  /** There is no function of this name, in upper case. */
  SqlError unknownFunction(String name);

  /** Arguments for a function, in upper case, that takes none. */
  SqlError needlessArguments(String name);

  /** A SELECT from a table that the relay cannot answer. */
  SqlError noTable(String database, String table);

  /** The values of sql_mode. */
  SqlModes modes();

  /**
   * A character set by name; null if there is none.
   *
   * @param overrides other default collations, as the variable character_set_collations has them
   */
  @Nullable Charset charset(String name, @Nullable String overrides);

  /** A collation by name, with its character set; null if it is not known. */
  @Nullable Charset collation(String name);

  /**
   * A collation as the variables show it.
   *
   * @throws SqlError if there is none of this name
   */
  String collationName(String name);

  /**
   * A character set with another collation.
   *
   * @throws SqlError if it does not fit
   */
  Charset collated(Charset charset, String collation);

  /** What a client with this collation number begins with; null if that is not known. */
  @Nullable Charset login(int collation, @Nullable String overrides);

  /** What a statement that names a character set has to be warned of; null for nothing. */
  Diagnostics.@Nullable Condition warning(String charset);

  /** A column of a SELECT without tables. */
  ColumnDefinition column(String label, SqlValue value);

  /** What is known of system variables besides the master's values. */
  VariableRules variables();
}
