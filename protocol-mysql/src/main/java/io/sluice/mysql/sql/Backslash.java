package io.sluice.mysql.sql;

/** What a backslash in a text of SQL means to a server. */
public enum Backslash {
  /** It takes the special meaning from the character behind it, as servers do by default. */
  ESCAPES,
  /** Nothing: the mode {@code NO_BACKSLASH_ESCAPES}. */
  PLAIN,
  /** Not known; a text is a read only if it is one both ways. */
  UNKNOWN
}
