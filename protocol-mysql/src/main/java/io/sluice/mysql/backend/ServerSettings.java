package io.sluice.mysql.backend;

import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.SettingsSpec;
import io.sluice.mysql.tls.TlsNames;
import java.time.Duration;
import java.util.List;

/** The options of a server that speaks the MySQL protocol. */
public final class ServerSettings {

  /** Whether connections are encrypted. */
  public static final Setting<TlsMode> TLS =
      Setting.of(
          "tls",
          SettingTypes.oneOf(TlsMode.class),
          TlsMode.VERIFY,
          "Whether connections to the server are encrypted: never (disable), if the server offers"
              + " it (prefer), always (require), always and with its certificate checked against"
              + " tls-ca-file (verify-ca), or always and with certificate and host name checked"
              + " (verify; or, without tls-ca-file, proved by MariaDB 11.4 and later at the login)."
              + " Only the last two protect against a forged server, which with prefer and"
              + " require is even given the password if it asks for it by caching_sha2_password or"
              + " sha256_password, as by the clients of MySQL. The certificate that MySQL makes for"
              + " itself names no host: use verify-ca with the ca.pem of its data directory. A server"
              + " without TLS needs disable."
              + " Whatever the mode, a proof of the certificate that MariaDB 11.4 and later send is"
              + " checked.");

  /** Whom to trust. */
  public static final Setting<String> TLS_CA_FILE =
      Setting.optional(
          "tls-ca-file",
          SettingTypes.STRING,
          "A PEM file with the certificates that the server's certificate is checked against when"
              + " tls is verify or verify-ca, which needs it. Without it the certificates of the Java runtime are used; a server that"
              + " signed its certificate itself, as MariaDB 11.4 and later do at their first start,"
              + " must then prove at the login that it knows the user's password. That needs a"
              + " password and mysql_native_password, ed25519 or parsec; nothing is sent to other"
              + " servers.");

  /** Who we are. */
  public static final Setting<String> TLS_CERTIFICATE_FILE =
      Setting.optional(
          "tls-certificate-file",
          SettingTypes.STRING,
          "A PEM file with the certificate that the proxy shows to the server; needs tls-key-file.");

  /** The key of it. */
  public static final Setting<String> TLS_KEY_FILE =
      Setting.optional(
          "tls-key-file",
          SettingTypes.STRING,
          "A PEM file with the private key of tls-certificate-file.");

  /** The versions of the protocol. */
  public static final Setting<List<String>> TLS_VERSIONS =
      Setting.of(
          "tls-versions",
          TlsNames.VERSIONS,
          TlsNames.DEFAULT_VERSIONS,
          "The versions of TLS to take, of `TLSv1.2` and `TLSv1.3`.");

  /** The cipher suites. */
  public static final Setting<List<String>> TLS_CIPHERS =
      Setting.optional(
          "tls-ciphers",
          TlsNames.CIPHERS,
          "The cipher suites to take, of all versions, by their standard names or OpenSSL's. Without"
              + " it those of the Java runtime.");

  /** How often files are looked at. */
  public static final Setting<Duration> TLS_RELOAD_INTERVAL =
      Setting.of(
          "tls-reload-interval",
          SettingTypes.DURATION,
          Duration.ofSeconds(10),
          "Time from one look at the TLS files of the server to the next. Changed files are used for"
              + " new connections once they have stood still for that time; what cannot be used is"
              + " logged and changes nothing. 0 never looks.");

  /** Whether the server may be asked for its RSA key. */
  public static final Setting<Boolean> GET_SERVER_PUBLIC_KEY =
      Setting.of(
          "get-server-public-key",
          SettingTypes.BOOLEAN,
          false,
          "Whether the server is asked for the public key to encrypt the password with, when it wants"
              + " the password itself (caching_sha2_password when it has not seen the user since its"
              + " start, sha256_password) and the connection is not encrypted; as"
              + " GET_SOURCE_PUBLIC_KEY of MySQL. Who can stand between reads the password then: better"
              + " use tls or server-public-key-file.");

  /** The server's RSA key. */
  public static final Setting<String> SERVER_PUBLIC_KEY_FILE =
      Setting.optional(
          "server-public-key-file",
          SettingTypes.STRING,
          "A PEM file with the server's public RSA key (public_key.pem of its data directory), to"
              + " encrypt the password with as get-server-public-key does, but safely; no other key"
              + " is used then.");

  /** How connections are compressed. */
  public enum CompressionMode {
    /** They are not. */
    NONE,
    /** With zlib. */
    ZLIB,
    /** With zstd. */
    ZSTD
  }

  /** Whether connections are compressed. */
  public static final Setting<CompressionMode> COMPRESSION =
      Setting.of(
          "compression",
          SettingTypes.oneOf(CompressionMode.class),
          CompressionMode.NONE,
          "How connections to the server are compressed, whatever clients do: not at all (none), with"
              + " zlib, or with zstd, which MySQL has since 8.0.18 and MariaDB not. If the server does"
              + " not offer it the connection goes uncompressed.");

  /** How hard it tries. */
  public static final Setting<Integer> COMPRESSION_LEVEL =
      Setting.of(
          "compression-level",
          SettingTypes.integer(0, 22),
          0,
          "How hard requests are compressed, and with zstd also the server's answers: from 1 (fast) to 9"
              + " (zlib) or 22 (zstd). 0 is the usual level of the method: 6 or 3.");

  /** All of them. */
  public static final SettingsSpec SPEC =
      SettingsSpec.of(
          TLS,
          TLS_CA_FILE,
          TLS_CERTIFICATE_FILE,
          TLS_KEY_FILE,
          TLS_VERSIONS,
          TLS_CIPHERS,
          TLS_RELOAD_INTERVAL,
          GET_SERVER_PUBLIC_KEY,
          SERVER_PUBLIC_KEY_FILE,
          COMPRESSION,
          COMPRESSION_LEVEL);

  private ServerSettings() {}
}
