package io.sluice.mysql.account;

import static java.util.Objects.requireNonNull;

import io.sluice.mysql.tls.ClientTls;
import org.jspecify.annotations.Nullable;

/**
 * What an account asks of the client's connection: REQUIRE of CREATE USER. Immutable.
 *
 * @param kind how much
 * @param cipher the name of the cipher as OpenSSL has it; empty for any
 * @param issuer who must have issued the client's certificate; empty for anybody
 * @param subject to whom it must have been issued; empty for anybody
 */
public record TlsDemand(TlsRequirement kind, String cipher, String issuer, String subject) {

  /** Nothing. */
  public static final TlsDemand NONE = of(TlsRequirement.NONE);

  private static final String NO_CERTIFICATE =
      "the account asks for a client certificate, and the client has shown none that the listener"
          + " verifies (tls.client-ca)";

  /** Checks that nothing is missing. */
  public TlsDemand {
    requireNonNull(kind, "kind");
    requireNonNull(cipher, "cipher");
    requireNonNull(issuer, "issuer");
    requireNonNull(subject, "subject");
  }

  /** No more than that. */
  public static TlsDemand of(TlsRequirement kind) {
    return new TlsDemand(kind, "", "", "");
  }

  /**
   * What is missing of it.
   *
   * @param tls of the connection; null without TLS
   * @return null if nothing is
   */
  public @Nullable String unmet(@Nullable ClientTls tls) {
    if (kind == TlsRequirement.NONE) {
      return null;
    }
    if (tls == null) {
      return "the account asks for TLS";
    }
    return switch (kind) {
      case NONE, ENCRYPTED -> null;
      case CERTIFICATE -> tls.certificate() != null ? null : NO_CERTIFICATE;
      case SPECIFIED -> unmetPart(tls);
    };
  }

  private @Nullable String unmetPart(ClientTls tls) {
    if (!cipher.isEmpty() && !cipher.equals(tls.cipher())) {
      return "the account asks for the cipher " + cipher + "; the client has " + tls.cipher();
    }
    if (issuer.isEmpty() && subject.isEmpty()) {
      return null;
    }
    if (tls.certificate() == null) {
      return NO_CERTIFICATE;
    }
    if (!issuer.isEmpty() && !issuer.equals(tls.issuer())) {
      return "the account asks for the issuer " + issuer + "; the client's is " + tls.issuer();
    }
    return subject.isEmpty() || subject.equals(tls.subject())
        ? null
        : "the account asks for the subject " + subject + "; the client's is " + tls.subject();
  }
}
