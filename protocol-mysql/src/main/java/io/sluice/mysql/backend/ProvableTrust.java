package io.sluice.mysql.backend;

import io.sluice.mysql.auth.CertificateProof;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the authorities of the Java runtime, and lets a certificate that its server signed itself
 * pass the handshake: the login must prove it then, see {@link CertificateProof}. Which
 * certificates were trusted is remembered by their fingerprint, because a resumed TLS session does
 * not ask again. One for each server, so for one host name. Thread-safe.
 */
final class ProvableTrust extends X509ExtendedTrustManager {

  private final X509ExtendedTrustManager authorities;
  private final Set<ByteBuffer> trusted = ConcurrentHashMap.newKeySet();

  ProvableTrust() {
    this(ofRuntime());
  }

  ProvableTrust(X509ExtendedTrustManager authorities) {
    this.authorities = authorities;
  }

  private static X509ExtendedTrustManager ofRuntime() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager found) {
          return found;
        }
      }
      throw new IllegalStateException("trust managers: none for X.509 (expected: one)");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has a trust manager", e);
    }
  }

  /** Whether an authority vouches for the certificate and it is for the server's host name. */
  boolean isTrusted(byte[] fingerprint) {
    return trusted.contains(ByteBuffer.wrap(fingerprint));
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    ByteBuffer fingerprint = ByteBuffer.wrap(CertificateProof.fingerprint(chain[0].getEncoded()));
    try {
      authorities.checkServerTrusted(chain, authType, engine);
      trusted.add(fingerprint);
    } catch (CertificateException e) {
      trusted.remove(fingerprint);
      if (!isSelfSigned(chain)) {
        throw e;
      }
      chain[0].checkValidity();
    }
  }

  private static boolean isSelfSigned(X509Certificate[] chain) {
    if (chain.length != 1
        || !chain[0].getIssuerX500Principal().equals(chain[0].getSubjectX500Principal())) {
      return false;
    }
    try {
      chain[0].verify(chain[0].getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    authorities.checkServerTrusted(chain, authType, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    authorities.checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    authorities.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    authorities.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    authorities.checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.getAcceptedIssuers();
  }
}
