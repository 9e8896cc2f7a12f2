package io.sluice.mysql.auth;

import org.jspecify.annotations.Nullable;

/** The authentication methods that are spoken in both roles, with their names on the wire. */
public enum AuthPlugin {
  /** SHA-1 challenge and response; what MariaDB accounts have by default. */
  NATIVE_PASSWORD("mysql_native_password"),
  /** SHA-256 challenge and response with a server-side cache; what MySQL 8 and later prefer. */
  CACHING_SHA2_PASSWORD("caching_sha2_password"),
  /** The password itself, over TLS or encrypted with the server's key; MySQL since 5.6. */
  SHA256_PASSWORD("sha256_password");

  /** What all of them are called, for messages. */
  public static final String SPOKEN =
      "mysql_native_password, caching_sha2_password or sha256_password";

  private final String wireName;

  AuthPlugin(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire and in account tables. */
  public String wireName() {
    return wireName;
  }

  /** The method of that name, or null for one that is not spoken. */
  public static @Nullable AuthPlugin of(String wireName) {
    for (AuthPlugin plugin : values()) {
      if (plugin.wireName.equals(wireName)) {
        return plugin;
      }
    }
    return null;
  }
}
