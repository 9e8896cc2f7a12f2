package io.sluice.mysql.backend;

import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.SettingsSpec;

/** The options of a server that speaks the MySQL protocol. */
public final class ServerSettings {

  /** Whether connections are encrypted. */
  public static final Setting<TlsMode> TLS =
      Setting.of(
          "tls",
          SettingTypes.oneOf(TlsMode.class),
          TlsMode.DISABLE,
          "Whether connections to the server are encrypted: never (disable), if the server offers"
              + " it (prefer), always (require), or always and with its certificate checked"
              + " (verify). Only verify protects against a forged server. Whatever the mode, a proof of"
              + " the certificate that MariaDB 11.4 and later send is checked.");

  /** Whom to trust. */
  public static final Setting<String> TLS_CA_FILE =
      Setting.optional(
          "tls-ca-file",
          SettingTypes.STRING,
          "A PEM file with the certificates that the server's certificate is checked against when"
              + " tls is verify. Without it the certificates of the Java runtime are used; a server that"
              + " signed its certificate itself, as MariaDB 11.4 and later do at their first start,"
              + " must then prove at the login that it knows the user's password. That needs a"
              + " password and mysql_native_password; nothing is sent to other servers.");

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

  /** All of them. */
  public static final SettingsSpec SPEC =
      SettingsSpec.of(TLS, TLS_CA_FILE, TLS_CERTIFICATE_FILE, TLS_KEY_FILE);

  private ServerSettings() {}
}
