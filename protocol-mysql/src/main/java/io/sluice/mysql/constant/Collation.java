package io.sluice.mysql.constant;

/** The numbers of the collations that the proxy uses itself. */
public final class Collation {

  /** latin1_swedish_ci, the default of old servers. */
  public static final int LATIN1_SWEDISH = 8;

  /** utf8mb3_general_ci: the text columns of servers' own answers. */
  public static final int UTF8MB3_GENERAL = 33;

  /** utf8mb4_general_ci: known to all servers that we speak to. */
  public static final int UTF8MB4_GENERAL = 45;

  /** Bytes without a character set; also numbers in result sets. */
  public static final int BINARY = 63;

  /** utf8mb4_0900_ai_ci, the default of MySQL 8. */
  public static final int UTF8MB4_0900 = 255;

  private Collation() {}
}
