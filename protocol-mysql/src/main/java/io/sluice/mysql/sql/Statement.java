package io.sluice.mysql.sql;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link StatementClassifier} found out about a statement. Immutable.
 *
 * @param kind what it does
 * @param flags the bits of {@link StatementFlag}; see {@link #has}
 * @param preparedName the name of a text prepared statement, in lower case; null for other kinds
 * @param prepared what a text PREPARE prepares; null when it cannot be known, and for other kinds
 */
public record Statement(
    StatementKind kind, int flags, @Nullable String preparedName, @Nullable Statement prepared) {

  private static final Statement READ = new Statement(StatementKind.READ, 0, null, null);
  private static final Statement WRITE = new Statement(StatementKind.WRITE, 0, null, null);

  /** A statement without a name. */
  public static Statement of(StatementKind kind, StatementFlag... flags) {
    int bits = 0;
    for (StatementFlag flag : flags) {
      bits |= flag.bit();
    }
    return of(kind, bits);
  }

  static Statement of(StatementKind kind, int bits) {
    if (bits == 0 && kind == StatementKind.READ) {
      return READ;
    }
    if (bits == 0 && kind == StatementKind.WRITE) {
      return WRITE;
    }
    return new Statement(kind, bits, null, null);
  }

  /** Whether a flag is set. */
  public boolean has(StatementFlag flag) {
    return (flags & flag.bit()) != 0;
  }

  /** All flags; for logs and tests. */
  public Set<StatementFlag> flagSet() {
    EnumSet<StatementFlag> set = EnumSet.noneOf(StatementFlag.class);
    for (StatementFlag flag : StatementFlag.values()) {
      if (has(flag)) {
        set.add(flag);
      }
    }
    return set;
  }

  /** Whether it only reads and any server with the data may answer it. */
  public boolean isRead() {
    return kind == StatementKind.READ;
  }

  @Override
  public String toString() {
    return kind + (flags == 0 ? "" : flagSet().toString());
  }
}
