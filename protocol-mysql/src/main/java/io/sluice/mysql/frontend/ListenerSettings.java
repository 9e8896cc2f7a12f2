package io.sluice.mysql.frontend;

import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.mysql.account.StaticAccounts;
import io.sluice.mysql.compression.Compression;
import io.sluice.mysql.tls.TlsNames;
import java.time.Duration;
import java.util.List;

/** The options of a listener. */
public final class ListenerSettings {

  /** Whether clients can or must encrypt. */
  public enum TlsMode {
    /** TLS is not offered. */
    DISABLED,
    /** TLS is offered. */
    PREFERRED,
    /** Clients without TLS are refused. */
    REQUIRED
  }

  /** The version to show. */
  public static final Setting<String> SERVER_VERSION =
      Setting.optional(
          "server-version",
          SettingTypes.STRING,
          "Version that clients are shown at the greeting. Without it they see the version of the"
              + " service's first server that was ever reached, and `"
              + MySqlClientProtocol.DEFAULT_VERSION
              + "` until then.");

  /** Accounts in the configuration. */
  public static final Setting<List<Settings>> USERS =
      Setting.optional(
          "users",
          SettingTypes.sections(StaticAccounts.SPEC),
          "Accounts that may log in. Without it they are read from the service's servers with the"
              + " service's user, which needs `SELECT` on `mysql.*` for that.");

  /** How often accounts are loaded. */
  public static final Setting<Duration> ACCOUNTS_REFRESH =
      Setting.of(
          "accounts-refresh",
          SettingTypes.DURATION,
          Duration.ofSeconds(60),
          "Time from one load of the accounts to the next. A failed login also loads them, in the"
              + " long run at most once in a second, and waits for that before it is refused; so does"
              + " the command `reload-accounts`.");

  /** When a host is blocked. */
  public static final Setting<Integer> MAX_LOGIN_FAILURES =
      Setting.of(
          "max-login-failures",
          SettingTypes.integer(0, 1_000_000),
          100,
          "After how many failed logins in a row (wrong user or password) a host is blocked; 0 for"
              + " never. A login that is accepted forgives those before.");

  /** For how long. */
  public static final Setting<Duration> LOGIN_BLOCK_TIME =
      Setting.of(
          "login-block-time",
          SettingTypes.DURATION,
          Duration.ofSeconds(60),
          "How long a host is blocked: its clients get error 1129 instead of a greeting. Failed"
              + " logins that lie further apart do not add up. The command `unblock-hosts` ends it.");

  /** Who clients are towards servers. */
  public static final Setting<List<Settings>> USER_MAPPING =
      Setting.optional(
          "user-mapping",
          SettingTypes.sections(UserMapping.SPEC),
          "Users and passwords that servers are logged in to with instead of what the client"
              + " proved. Needed for users whose method shows nothing that servers take (`ed25519`"
              + " and `parsec`, but see `ask-for-password`), or another method than their account on"
              + " the servers. What the client may do on the servers is then what the mapped user"
              + " may do.");

  /** Ask for the password itself. */
  public static final Setting<Boolean> ASK_FOR_PASSWORD =
      Setting.of(
          "ask-for-password",
          SettingTypes.BOOLEAN,
          false,
          "Whether clients that come over TLS with an account of `ed25519` or `parsec` are asked for"
              + " the password itself (`mysql_clear_password`), so that servers can be logged in to"
              + " with it; it is kept in memory as long as the client is connected. Such clients"
              + " need a certificate of the listener that they trust, and some an option such as"
              + " `--enable-cleartext-plugin`.");

  /** The longest request. */
  public static final Setting<Long> MAX_PACKET_SIZE =
      Setting.of(
          "max-packet-size",
          SettingTypes.SIZE,
          1L << 30,
          "Longest request in bytes; as `max_allowed_packet` of a server, which has its own limit"
              + " too.");

  /** Whether TLS is offered. */
  public static final Setting<TlsMode> TLS_MODE =
      Setting.of(
          "mode",
          SettingTypes.oneOf(TlsMode.class),
          TlsMode.PREFERRED,
          "Whether clients are offered TLS (`preferred`), must use it (`required`), or neither.");

  /** The certificate. */
  public static final Setting<String> TLS_CERTIFICATE =
      Setting.optional(
          "certificate",
          SettingTypes.STRING,
          "File with the certificate chain (PEM). Without it a self-signed one is made at the first"
              + " start and kept in the listener's data directory.");

  /** The key. */
  public static final Setting<String> TLS_KEY =
      Setting.optional(
          "key",
          SettingTypes.STRING,
          "File with the private key of the certificate (PEM, without a password).");

  /** Who vouches for clients. */
  public static final Setting<String> TLS_CLIENT_CA =
      Setting.optional(
          "client-ca",
          SettingTypes.STRING,
          "File with the certificates (PEM) that clients' certificates are checked against. With it"
              + " clients are asked for a certificate; accounts with `REQUIRE X509` and the like can"
              + " log in then. A client whose certificate does not hold is thrown out.");

  /** Whether each client must show one. */
  public static final Setting<Boolean> TLS_REQUIRE_CLIENT_CERTIFICATE =
      Setting.of(
          "require-client-certificate",
          SettingTypes.BOOLEAN,
          false,
          "Whether clients without a certificate are thrown out. Needs `client-ca`, and `mode ="
              + " required`, as clients without TLS have none.");

  /** The versions of the protocol. */
  public static final Setting<List<String>> TLS_VERSIONS =
      Setting.of(
          "versions",
          TlsNames.VERSIONS,
          TlsNames.DEFAULT_VERSIONS,
          "The versions of TLS that are offered, of `TLSv1.2` and `TLSv1.3`.");

  /** The cipher suites. */
  public static final Setting<List<String>> TLS_CIPHERS =
      Setting.optional(
          "ciphers",
          TlsNames.CIPHERS,
          "The cipher suites that are offered, of all versions, by their standard names or OpenSSL's."
              + " Without it those of the Java runtime.");

  /** How often files are looked at. */
  public static final Setting<Duration> TLS_RELOAD_INTERVAL =
      Setting.of(
          "reload-interval",
          SettingTypes.DURATION,
          Duration.ofSeconds(10),
          "Time from one look at the files of certificates and key to the next. Changed files are"
              + " used for new connections once they have stood still for that time; what cannot be"
              + " used is logged and changes nothing. 0 never looks.");

  /** The section of TLS. */
  public static final SettingsSpec TLS_SPEC =
      SettingsSpec.of(
          TLS_MODE,
          TLS_CERTIFICATE,
          TLS_KEY,
          TLS_CLIENT_CA,
          TLS_REQUIRE_CLIENT_CERTIFICATE,
          TLS_VERSIONS,
          TLS_CIPHERS,
          TLS_RELOAD_INTERVAL);

  /** TLS towards clients. */
  public static final Setting<Settings> TLS =
      Setting.of(
          "tls",
          SettingTypes.section(TLS_SPEC),
          Settings.defaults(TLS_SPEC),
          "Encryption towards clients.");

  /** What clients may compress with. */
  public static final Setting<List<Compression.Method>> COMPRESSION =
      Setting.of(
          "compression",
          SettingTypes.someOf(Compression.Method.class),
          List.of(Compression.Method.ZLIB, Compression.Method.ZSTD),
          "The compression that clients are offered: `zlib`, `zstd`, both, or none (`[]`). Only clients"
              + " that ask for it use it; it costs this machine processor time.");

  /** How hard zlib tries. */
  public static final Setting<Integer> ZLIB_LEVEL =
      Setting.of(
          "zlib-level",
          SettingTypes.integer(1, 9),
          6,
          "How hard answers are compressed for clients with zlib, from 1 (fast) to 9 (small).");

  /** How hard zstd may try. */
  public static final Setting<Integer> ZSTD_MAX_LEVEL =
      Setting.of(
          "zstd-max-level",
          SettingTypes.integer(1, 22),
          9,
          "How hard answers are compressed for clients with zstd at most. The client says the level that"
              + " it wants, from 1 to 22; it gets this one if it wants more.");

  /** All of them. */
  public static final SettingsSpec SPEC =
      SettingsSpec.of(
          SERVER_VERSION,
          USERS,
          ACCOUNTS_REFRESH,
          USER_MAPPING,
          ASK_FOR_PASSWORD,
          MAX_LOGIN_FAILURES,
          LOGIN_BLOCK_TIME,
          MAX_PACKET_SIZE,
          TLS,
          COMPRESSION,
          ZLIB_LEVEL,
          ZSTD_MAX_LEVEL);

  private ListenerSettings() {}
}
