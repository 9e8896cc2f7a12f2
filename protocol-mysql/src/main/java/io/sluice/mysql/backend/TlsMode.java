package io.sluice.mysql.backend;

/** Whether connections to a server are encrypted. */
public enum TlsMode {
  /** Never. */
  DISABLE,
  /** If the server offers it, without looking at its certificate: no help against a forger. */
  PREFER,
  /** Always, without looking at the server's certificate. */
  REQUIRE,
  /** Always; the certificate must be trusted by the configured authority, for whatever host. */
  VERIFY_CA,
  /**
   * Always; the certificate must be trusted and must be for the server's host name, or, if no
   * authority is configured, the login must prove it.
   */
  VERIFY
}
