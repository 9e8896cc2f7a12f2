package io.sluice.mysql.auth;

import org.jspecify.annotations.Nullable;

/** The authentication methods that are spoken in both roles, with their names on the wire. */
public enum AuthPlugin {
  /** SHA-1 challenge and response; what MariaDB accounts have by default. */
  NATIVE_PASSWORD("mysql_native_password"),
  /** SHA-256 challenge and response with a server-side cache; what MySQL 8 and later prefer. */
  CACHING_SHA2_PASSWORD("caching_sha2_password"),
  /** The password itself, over TLS or encrypted with the server's key; MySQL since 5.6. */
  SHA256_PASSWORD("sha256_password"),
  /** A signature under the password; an option of MariaDB since 10.1. */
  ED25519("client_ed25519"),
  /** A signature under a key derived from password and salt; an option of MariaDB since 11.6. */
  PARSEC("parsec"),
  /** The password itself, over TLS only; servers ask for it who do not keep the password. */
  CLEAR_PASSWORD("mysql_clear_password");

  /** What all of them are called in account tables, for messages. */
  public static final String SPOKEN =
      "mysql_native_password, caching_sha2_password, sha256_password, ed25519, parsec or"
          + " mysql_clear_password";

  private final String wireName;

  AuthPlugin(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire, and but for one in account tables. */
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

  /** The same by the name in account tables, where MariaDB calls one method by another name. */
  public static @Nullable AuthPlugin ofAccount(String name) {
    return name.equals("ed25519") ? ED25519 : of(name);
  }

  /** Bytes of the nonce that it takes. */
  public int nonceLength() {
    return switch (this) {
      case NATIVE_PASSWORD, CACHING_SHA2_PASSWORD, SHA256_PASSWORD -> Scramble.NONCE_LENGTH;
      case ED25519, PARSEC -> Ed25519.KEY;
      case CLEAR_PASSWORD -> 0;
    };
  }

  /** Whether it signs: what a client sends then is of no use at any other server. */
  public boolean signs() {
    return this == ED25519 || this == PARSEC;
  }

  /** Whether a greeting may name it: its nonce fits, and nothing is given away unasked. */
  public boolean isForGreeting() {
    return this == NATIVE_PASSWORD || this == CACHING_SHA2_PASSWORD;
  }
}
