package io.sluice.mysql.account;

/** How much an account asks of the client's connection. */
public enum TlsRequirement {
  /** Nothing. */
  NONE,
  /** That it is encrypted. */
  ENCRYPTED,
  /** A client certificate that was verified. */
  CERTIFICATE,
  /** A certain cipher, or a certificate from or for somebody. */
  SPECIFIED;

  /** From the column {@code ssl_type} of an account table. */
  static TlsRequirement ofColumn(String sslType) {
    return switch (sslType) {
      case "" -> NONE;
      case "ANY" -> ENCRYPTED;
      case "SPECIFIED" -> SPECIFIED;
      default -> CERTIFICATE;
    };
  }
}
