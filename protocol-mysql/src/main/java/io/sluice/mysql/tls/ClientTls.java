package io.sluice.mysql.tls;

import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a client's connection, in the words that accounts ask for. Immutable.
 *
 * @param version of the protocol, such as {@code TLSv1.3}
 * @param cipher by OpenSSL's name
 * @param certificate that the client showed, and that an authority of the listener vouches for;
 *     null when it showed none
 */
public record ClientTls(String version, String cipher, @Nullable X509Certificate certificate) {

  private static final Map<String, String> MORE_NAMES =
      Map.of(
          "1.2.840.113549.1.9.1", "emailAddress",
          "2.5.4.4", "SN",
          "2.5.4.42", "GN",
          "2.5.4.5", "serialNumber",
          "2.5.4.12", "title");

  /** After the handshake. */
  public static ClientTls of(SSLSession session) {
    return new ClientTls(
        session.getProtocol(), CipherNames.openSsl(session.getCipherSuite()), shown(session));
  }

  private static @Nullable X509Certificate shown(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate first ? first : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  /** The certificate's subject as {@code /C=DE/O=x/CN=y}; empty without one. */
  public String subject() {
    return certificate == null ? "" : oneLine(certificate.getSubjectX500Principal());
  }

  /** The certificate's issuer as {@code /C=DE/O=x/CN=y}; empty without one. */
  public String issuer() {
    return certificate == null ? "" : oneLine(certificate.getIssuerX500Principal());
  }

  /** As OpenSSL's X509_NAME_oneline writes it, which is what servers compare. */
  static String oneLine(X500Principal name) {
    try {
      LdapName parts = new LdapName(name.getName(X500Principal.RFC2253, MORE_NAMES));
      StringBuilder line = new StringBuilder();
      for (Rdn part : parts.getRdns()) {
        NamingEnumeration<? extends Attribute> attributes = part.toAttributes().getAll();
        while (attributes.hasMore()) {
          Attribute attribute = attributes.next();
          line.append('/').append(attribute.getID()).append('=');
          appendValue(line, attribute.get());
        }
      }
      return line.toString();
    } catch (InvalidNameException e) {
      throw new IllegalStateException("name: " + name + " (expected: as RFC 2253 has it)", e);
    } catch (NamingException e) {
      throw new IllegalStateException("name: " + name + " (expected: attributes in memory)", e);
    }
  }

  private static void appendValue(StringBuilder line, Object value) {
    byte[] bytes =
        value instanceof byte[] raw ? raw : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    for (byte one : bytes) {
      if (one >= ' ' && one <= '~') {
        line.append((char) one);
      } else {
        line.append("\\x").append(String.format("%02X", one & 0xff));
      }
    }
  }
}
