package io.sluice.mysql.backend;

import io.netty.handler.ssl.SslHandler;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.CertificateProof;
import io.sluice.mysql.auth.ClientAuthenticator;
import java.security.cert.CertificateEncodingException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * What one login over TLS knows of the server's certificate, and whether the server must prove it.
 * Confined to the event loop.
 */
final class ServerProof {

  private final byte[] fingerprint;
  private final boolean needed;

  private ServerProof(byte[] fingerprint, boolean needed) {
    this.fingerprint = fingerprint;
    this.needed = needed;
  }

  /** After the handshake. */
  static ServerProof of(BackendTls tls, SslHandler handler)
      throws SSLPeerUnverifiedException, CertificateEncodingException {
    byte[] fingerprint =
        CertificateProof.fingerprint(
            handler.engine().getSession().getPeerCertificates()[0].getEncoded());
    return new ServerProof(fingerprint, tls.needsProof(fingerprint));
  }

  /**
   * Why nothing may be sent that this method sends: whoever the server is must learn nothing that a
   * wrong one could use, and must be able to prove itself. Null when it may.
   */
  @Nullable String objection(AuthPlugin plugin, boolean emptyPassword) {
    if (!needed) {
      return null;
    }
    if (emptyPassword) {
      return "an empty password cannot prove it";
    }
    return plugin == AuthPlugin.NATIVE_PASSWORD || plugin.signs()
        ? null
        : plugin.wireName()
            + " cannot prove it (expected: mysql_native_password, client_ed25519 or parsec)";
  }

  /** Why the OK is not believed; null when it is. */
  @Nullable String judge(String info, ClientAuthenticator login) {
    if (CertificateProof.holds(info, login.passwordHash(), login.proofNonce(), fingerprint)) {
      return null;
    }
    if (CertificateProof.isOne(info) && login.passwordHash() != null) {
      return "the server's proof is not for the certificate that was shown: somebody stands between";
    }
    return needed ? "the server did not prove it, as MariaDB 11.4 and later do" : null;
  }
}
