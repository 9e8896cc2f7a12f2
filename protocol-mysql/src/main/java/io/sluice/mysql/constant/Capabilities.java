package io.sluice.mysql.constant;

/**
 * What one side of a connection is able to do, as a map of 64 bits: the lower 32 are the common
 * ones, the upper 32 those that MariaDB added. Immutable; unknown bits are kept. Source: the
 * capability tables of the public MariaDB and MySQL protocol references.
 *
 * @param bits the map
 */
public record Capabilities(long bits) {

  /** MySQL: new passwords. MariaDB: the peer is no MariaDB, the extended bits are not there. */
  public static final long LONG_PASSWORD = 1L << 0;

  /** Affected rows are found rows. */
  public static final long FOUND_ROWS = 1L << 1;

  /** Column flags have two bytes. */
  public static final long LONG_FLAG = 1L << 2;

  /** The login names a database. */
  public static final long CONNECT_WITH_DB = 1L << 3;

  /** Refuses database.table.column. */
  public static final long NO_SCHEMA = 1L << 4;

  /** Compressed frames (zlib). */
  public static final long COMPRESS = 1L << 5;

  /** Without effect. */
  public static final long ODBC = 1L << 6;

  /** LOAD DATA LOCAL. */
  public static final long LOCAL_FILES = 1L << 7;

  /** Spaces before parentheses. */
  public static final long IGNORE_SPACE = 1L << 8;

  /** The protocol of 4.1 and later. */
  public static final long PROTOCOL_41 = 1L << 9;

  /** The longer idle timeout. */
  public static final long INTERACTIVE = 1L << 10;

  /** TLS after a short first answer. */
  public static final long SSL = 1L << 11;

  /** Without effect on the wire. */
  public static final long IGNORE_SIGPIPE = 1L << 12;

  /** Status flags in answers. */
  public static final long TRANSACTIONS = 1L << 13;

  /** Once the 4.1 protocol. */
  public static final long RESERVED = 1L << 14;

  /** Passwords of 4.1 and later. */
  public static final long SECURE_CONNECTION = 1L << 15;

  /** Several statements in a request. */
  public static final long MULTI_STATEMENTS = 1L << 16;

  /** Several results in an answer. */
  public static final long MULTI_RESULTS = 1L << 17;

  /** The same for prepared statements. */
  public static final long PS_MULTI_RESULTS = 1L << 18;

  /** Named authentication methods. */
  public static final long PLUGIN_AUTH = 1L << 19;

  /** The login carries attributes. */
  public static final long CONNECT_ATTRS = 1L << 20;

  /** The authentication data of the login may be longer than 255 bytes. */
  public static final long PLUGIN_AUTH_LENENC = 1L << 21;

  /** The client copes with an expired password. */
  public static final long CAN_HANDLE_EXPIRED_PASSWORDS = 1L << 22;

  /** OK packets tell changes of the session's state. */
  public static final long SESSION_TRACK = 1L << 23;

  /** OK packets end result sets; no EOF after the columns. */
  public static final long DEPRECATE_EOF = 1L << 24;

  /** MySQL: result sets may come without columns. */
  public static final long OPTIONAL_METADATA = 1L << 25;

  /** MySQL: compressed frames (zstd). */
  public static final long ZSTD = 1L << 26;

  /** MySQL: statements carry attributes. */
  public static final long QUERY_ATTRIBUTES = 1L << 27;

  /** MySQL: more than one authentication. */
  public static final long MULTI_FACTOR = 1L << 28;

  /** MySQL: reserved; old MariaDB: progress reports. */
  public static final long CAPABILITY_EXTENSION = 1L << 29;

  /** Local to clients. */
  public static final long SSL_VERIFY_SERVER_CERT = 1L << 30;

  /** Local to clients. */
  public static final long REMEMBER_OPTIONS = 1L << 31;

  /** MariaDB: progress reports. */
  public static final long MARIADB_PROGRESS = 1L << 32;

  /** MariaDB: several commands in a request. */
  public static final long MARIADB_COM_MULTI = 1L << 33;

  /** MariaDB: bulk execution of prepared statements. */
  public static final long MARIADB_BULK = 1L << 34;

  /** MariaDB: more about columns. */
  public static final long MARIADB_EXTENDED_METADATA = 1L << 35;

  /** MariaDB: columns of prepared statements may be left out. */
  public static final long MARIADB_CACHE_METADATA = 1L << 36;

  /** MariaDB: one result for each row of a bulk execution. */
  public static final long MARIADB_BULK_UNIT_RESULTS = 1L << 37;

  /** No bits. */
  public static final Capabilities NONE = new Capabilities(0);

  /** All bits that MariaDB added; only there if {@link #LONG_PASSWORD} is not. */
  public static final long MARIADB_BITS = 0xffffffffL << 32;

  /**
   * What clients of the proxy are offered whichever family the servers are of, if the servers have
   * it, besides TLS and compression.
   */
  public static final Capabilities COMMON =
      of(
          LONG_PASSWORD,
          FOUND_ROWS,
          LONG_FLAG,
          CONNECT_WITH_DB,
          NO_SCHEMA,
          ODBC,
          LOCAL_FILES,
          IGNORE_SPACE,
          PROTOCOL_41,
          INTERACTIVE,
          IGNORE_SIGPIPE,
          TRANSACTIONS,
          RESERVED,
          SECURE_CONNECTION,
          MULTI_STATEMENTS,
          MULTI_RESULTS,
          PS_MULTI_RESULTS,
          PLUGIN_AUTH,
          CONNECT_ATTRS,
          PLUGIN_AUTH_LENENC,
          CAN_HANDLE_EXPIRED_PASSWORDS,
          SESSION_TRACK,
          DEPRECATE_EOF);

  /**
   * The same with what only servers of one family have. Never offered: optional metadata, several
   * commands in a request, more than one authentication.
   */
  public static final Capabilities OFFERED =
      COMMON.with(
          QUERY_ATTRIBUTES
              | MARIADB_PROGRESS
              | MARIADB_BULK
              | MARIADB_EXTENDED_METADATA
              | MARIADB_CACHE_METADATA
              | MARIADB_BULK_UNIT_RESULTS);

  /** What sessions without a client agree on: the plainest answers that all servers give. */
  public static final Capabilities INTERNAL =
      of(
          LONG_PASSWORD,
          LONG_FLAG,
          PROTOCOL_41,
          TRANSACTIONS,
          SECURE_CONNECTION,
          MULTI_RESULTS,
          PS_MULTI_RESULTS,
          PLUGIN_AUTH,
          CONNECT_ATTRS,
          PLUGIN_AUTH_LENENC);

  /** What a login looks like, and nothing behind it; each side of the proxy has its own. */
  public static final Capabilities LOGIN =
      of(
          PROTOCOL_41,
          CONNECT_WITH_DB,
          SECURE_CONNECTION,
          PLUGIN_AUTH,
          CONNECT_ATTRS,
          PLUGIN_AUTH_LENENC);

  /**
   * The bits that change the bytes of answers or requests after the login: both sides of the proxy
   * must agree on the same.
   */
  public static final Capabilities SHAPING =
      of(
          LONG_FLAG,
          PROTOCOL_41,
          TRANSACTIONS,
          MULTI_RESULTS,
          PS_MULTI_RESULTS,
          SESSION_TRACK,
          DEPRECATE_EOF,
          OPTIONAL_METADATA,
          QUERY_ATTRIBUTES,
          MARIADB_PROGRESS,
          MARIADB_COM_MULTI,
          MARIADB_BULK,
          MARIADB_EXTENDED_METADATA,
          MARIADB_CACHE_METADATA,
          MARIADB_BULK_UNIT_RESULTS);

  /** These bits and no others. */
  public static Capabilities of(long... bits) {
    long all = 0;
    for (long bit : bits) {
      all |= bit;
    }
    return new Capabilities(all);
  }

  /** Whether all of {@code mask} is there. */
  public boolean has(long mask) {
    return (bits & mask) == mask;
  }

  /** These and more. */
  public Capabilities with(long mask) {
    return new Capabilities(bits | mask);
  }

  /** These but for some. */
  public Capabilities without(long mask) {
    return new Capabilities(bits & ~mask);
  }

  /** What both have. */
  public Capabilities and(Capabilities other) {
    return new Capabilities(bits & other.bits);
  }

  /** What one of both has. */
  public Capabilities or(Capabilities other) {
    return new Capabilities(bits | other.bits);
  }

  /** Whether one of {@code mask} is there. */
  public boolean hasAny(long mask) {
    return (bits & mask) != 0;
  }

  /** Whether OK packets end result sets. */
  public boolean isEofDeprecated() {
    return has(DEPRECATE_EOF);
  }

  /** Whether OK packets have the form that can carry changes of the session's state. */
  public boolean isSessionTracked() {
    return has(SESSION_TRACK);
  }

  @Override
  public String toString() {
    return "0x" + Long.toHexString(bits);
  }
}
