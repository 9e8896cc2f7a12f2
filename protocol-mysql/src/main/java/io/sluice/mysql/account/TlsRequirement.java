package io.sluice.mysql.account;

/** What an account asks of the client's connection. */
public enum TlsRequirement {
  /** Nothing. */
  NONE,
  /** That it is encrypted. */
  ENCRYPTED,
  /** A client certificate; the proxy does not ask clients for one, so nobody can have it. */
  CERTIFICATE;

  /** From the column {@code ssl_type} of an account table. */
  static TlsRequirement ofColumn(String sslType) {
    return switch (sslType) {
      case "" -> NONE;
      case "ANY" -> ENCRYPTED;
      default -> CERTIFICATE;
    };
  }
}
