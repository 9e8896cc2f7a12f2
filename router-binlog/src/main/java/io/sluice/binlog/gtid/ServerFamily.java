package io.sluice.binlog.gtid;

import java.util.Locale;

/** The two families of servers: they share the protocol, but neither GTIDs nor all events. */
public enum ServerFamily {
  /** MariaDB: GTIDs {@code domain-server-sequence}. */
  MARIADB("MariaDB"),
  /** MySQL and those that keep its format: GTID sets {@code uuid:intervals}. */
  MYSQL("MySQL");

  private final String label;

  ServerFamily(String label) {
    this.label = label;
  }

  /**
   * The family of a server with this version text, such as {@code 5.5.5-10.11.6-MariaDB} or {@code
   * 9.7.0}.
   */
  public static ServerFamily ofVersion(String version) {
    return version.toLowerCase(Locale.ROOT).contains("mariadb") ? MARIADB : MYSQL;
  }

  /** The name, as error texts spell it. */
  public String label() {
    return label;
  }
}
