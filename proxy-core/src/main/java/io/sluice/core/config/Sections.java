package io.sluice.core.config;

import com.typesafe.config.ConfigObject;
import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.core.net.ProxyProtocol;
import java.time.Duration;
import java.util.List;

/** What each generic section knows; also the source of the reference documentation. */
final class Sections {

  /** Generic keys that many sections share. */
  static final Setting<ConfigObject> OPTIONS =
      Setting.optional(
          "options", SectionTypes.MODULE_OPTIONS, "The settings of the section's module.");

  private static final String USER_DOC =
      "The user that %s logs in with on its servers. Needs `password`.";
  private static final String PASSWORD_DOC = "The password of `user`. Never shown anywhere.";
  private static final String PROTOCOL_DOC =
      "The protocol module. May be left out while only one protocol module is loaded.";

  /** How many connections. */
  static final Setting<Integer> MAX_CONNECTIONS =
      Setting.of(
          "max-connections",
          SettingTypes.integer(0, Integer.MAX_VALUE),
          0,
          "How many connections there may be at a time; 0 is without a limit. A client that is one too"
              + " many gets the error for that. For a server: connections of clients' sessions, not"
              + " those that the proxy needs for itself and not idle ones of the pool.");

  // servers
  static final Setting<String> SERVER_ADDRESS =
      Setting.required("address", SettingTypes.STRING, "Host name or address of the server.");
  static final Setting<Integer> SERVER_PORT =
      Setting.required("port", SettingTypes.port(), "TCP port of the server.");
  static final Setting<String> PROTOCOL =
      Setting.optional("protocol", SettingTypes.STRING, PROTOCOL_DOC);
  static final Setting<ProxyProtocol> PROXY_PROTOCOL =
      Setting.of(
          "proxy-protocol",
          SettingTypes.oneOf(ProxyProtocol.class),
          ProxyProtocol.NONE,
          "Whether connections to the server begin with a PROXY header, of which version, that names"
              + " the client. The server must expect it; one that does not know the header takes it"
              + " for a broken client.");
  static final Setting<Integer> POOL_MAX_IDLE =
      Setting.of(
          "pool-max-idle",
          SettingTypes.integer(0, 100_000),
          0,
          "How many connections to the server are kept when their session is over, for the next"
              + " session of the same user with the same settings; 0 closes them. The server undoes"
              + " what the session left and has the next one log in again. They do not count"
              + " for `max-connections`, but for the server's own limits they do.");
  static final Setting<Duration> POOL_IDLE_TIME =
      Setting.of(
          "pool-idle-time",
          SettingTypes.DURATION,
          Duration.ofSeconds(60),
          "How long a connection that is kept waits for a session; less than the server's own limit"
              + " for idle connections.");
  static final Setting<Duration> POOL_MAX_AGE =
      Setting.of(
          "pool-max-age",
          SettingTypes.DURATION,
          Duration.ofMinutes(30),
          "How old a connection may be to be kept, so that a server's new address or certificate"
              + " comes into use.");
  static final SettingsSpec SERVER =
      SettingsSpec.of(
          SERVER_ADDRESS,
          SERVER_PORT,
          PROXY_PROTOCOL,
          PROTOCOL,
          MAX_CONNECTIONS,
          POOL_MAX_IDLE,
          POOL_IDLE_TIME,
          POOL_MAX_AGE,
          OPTIONS);

  // monitors
  static final Setting<String> MODULE =
      Setting.required("module", SettingTypes.STRING, "The module that does the work.");
  static final Setting<List<String>> MONITOR_SERVERS =
      Setting.required(
          "servers",
          SettingTypes.STRING_LIST,
          "The servers to watch. A server has at most one monitor.");
  static final Setting<String> MONITOR_USER =
      Setting.optional("user", SettingTypes.STRING, USER_DOC.formatted("the monitor"));
  static final Setting<String> PASSWORD =
      Setting.optional("password", SettingTypes.SECRET, PASSWORD_DOC);
  static final Setting<Duration> INTERVAL =
      Setting.of(
          "interval",
          SettingTypes.DURATION,
          Duration.ofSeconds(2),
          "The time from one round of probes to the next.");
  static final SettingsSpec MONITOR =
      SettingsSpec.of(MODULE, MONITOR_SERVERS, MONITOR_USER, PASSWORD, INTERVAL, OPTIONS);

  // filters
  static final SettingsSpec FILTER = SettingsSpec.of(MODULE, OPTIONS);

  // listeners
  static final Setting<String> LISTENER_ADDRESS =
      Setting.of(
          "address",
          SettingTypes.STRING,
          "0.0.0.0",
          "The address to bind; `0.0.0.0` stands for all of the machine.");
  static final Setting<Integer> LISTENER_PORT =
      Setting.required("port", SettingTypes.integer(0, 65_535), "TCP port; 0 takes any free one.");
  static final Setting<List<String>> PROXY_NETWORKS =
      Setting.of(
          "proxy-protocol-networks",
          SettingTypes.STRING_LIST,
          List.of(),
          "Networks and addresses of balancers, such as `10.0.0.0/8`, whose connections may begin with"
              + " a PROXY header (version 1 or 2): the client is then the one that it names. They may"
              + " also come without one. A header from anywhere else ends the connection.");
  static final SettingsSpec LISTENER =
      SettingsSpec.of(
          LISTENER_ADDRESS, LISTENER_PORT, PROXY_NETWORKS, PROTOCOL, MAX_CONNECTIONS, OPTIONS);

  // services
  static final Setting<String> ROUTER =
      Setting.required("router", SettingTypes.STRING, "The router module.");
  static final Setting<List<String>> SERVICE_SERVERS =
      Setting.optional(
          "servers",
          SettingTypes.STRING_LIST,
          "The servers behind the service. Either this or `monitor`.");
  static final Setting<String> SERVICE_MONITOR =
      Setting.optional(
          "monitor",
          SettingTypes.STRING,
          "The monitor whose servers stand behind the service. Either this or `servers`.");
  static final Setting<List<String>> SERVICE_FILTERS =
      Setting.of(
          "filters",
          SettingTypes.STRING_LIST,
          List.of(),
          "The filters that requests pass, in this order, before the router.");
  static final Setting<String> SERVICE_USER =
      Setting.optional(
          "user",
          SettingTypes.STRING,
          USER_DOC.formatted("the service") + " Used for work that no client asked for.");
  static final Setting<Duration> IDLE_TIMEOUT =
      Setting.of(
          "idle-timeout",
          SettingTypes.DURATION,
          Duration.ZERO,
          "How long a client may ask nothing, or not go on with a request that it has begun, before its"
              + " session ends; `0s` is for ever. Servers have a limit of their own.");
  static final Setting<Duration> WRITE_TIMEOUT =
      Setting.of(
          "write-timeout",
          SettingTypes.DURATION,
          Duration.ZERO,
          "How long a client may take nothing of what is sent to it before its session ends; `0s` is"
              + " for ever. It is noticed after this time at the earliest and twice of it at the"
              + " latest.");
  static final Setting<Duration> KEEP_ALIVE =
      Setting.of(
          "keep-alive",
          SettingTypes.DURATION,
          Duration.ZERO,
          "The longest time that a connection of a session to a server goes without traffic before"
              + " the server is asked for a sign of life, so that it does not close the connection"
              + " as unused; less than the server's own limit for idle connections, 0 for never. Not"
              + " done in an open transaction.");
  static final Setting<List<NamedSection>> LISTENERS =
      Setting.of(
          "listeners", SectionTypes.named(LISTENER), List.of(), "Where clients connect, by name.");
  static final SettingsSpec SERVICE =
      SettingsSpec.of(
          ROUTER,
          SERVICE_SERVERS,
          SERVICE_MONITOR,
          SERVICE_FILTERS,
          SERVICE_USER,
          PASSWORD,
          MAX_CONNECTIONS,
          IDLE_TIMEOUT,
          WRITE_TIMEOUT,
          KEEP_ALIVE,
          OPTIONS,
          LISTENERS);

  // admin
  static final Setting<AdminConfig> LISTEN =
      Setting.of(
          "listen",
          SectionTypes.LISTEN,
          new AdminConfig(true, "127.0.0.1", 8989),
          "Where REST, metrics and health are served; `none` turns administration off. Port 0 takes any free one.");
  static final SettingsSpec ADMIN = SettingsSpec.of(LISTEN);

  // the whole
  static final Setting<String> DATA_DIR =
      Setting.of(
          "data-dir",
          SettingTypes.STRING,
          "data",
          "Where everything is kept that must survive a restart. A relative path begins at the folder that holds `bin/`.");
  static final Setting<Integer> THREADS =
      Setting.of(
          "threads",
          SectionTypes.THREADS,
          SectionTypes.AUTO,
          "How many event loops serve all sessions; `auto` is one for each processor.");
  static final Setting<Duration> LOGIN_TIMEOUT =
      Setting.of(
          "login-timeout",
          SettingTypes.DURATION,
          Duration.ofSeconds(10),
          "How long a client may take from its connection to the end of its login.");
  static final Setting<Duration> CONNECT_TIMEOUT =
      Setting.of(
          "connect-timeout",
          SettingTypes.DURATION,
          Duration.ofSeconds(5),
          "How long a server may take to accept a connection.");
  static final Setting<Duration> STOP_GRACE =
      Setting.of(
          "stop-grace-period",
          SettingTypes.DURATION,
          Duration.ofSeconds(10),
          "How long sessions may go on after the process was told to stop.");
  static final Setting<Settings> ADMIN_SECTION =
      Setting.optional("admin", SettingTypes.section(ADMIN), "Administration.");
  static final Setting<List<NamedSection>> SERVERS =
      Setting.of("servers", SectionTypes.named(SERVER), List.of(), "The servers, by name.");
  static final Setting<List<NamedSection>> MONITORS =
      Setting.of("monitors", SectionTypes.named(MONITOR), List.of(), "The monitors, by name.");
  static final Setting<List<NamedSection>> FILTERS =
      Setting.of("filters", SectionTypes.namedOpen(FILTER), List.of(), "The filters, by name.");
  static final Setting<List<NamedSection>> SERVICES =
      Setting.of("services", SectionTypes.named(SERVICE), List.of(), "The services, by name.");
  static final SettingsSpec PROXY =
      SettingsSpec.of(
          DATA_DIR,
          THREADS,
          LOGIN_TIMEOUT,
          CONNECT_TIMEOUT,
          STOP_GRACE,
          ADMIN_SECTION,
          SERVERS,
          MONITORS,
          FILTERS,
          SERVICES);

  /** The file itself. */
  static final Setting<Settings> SLUICE =
      Setting.required("sluice", SettingTypes.section(PROXY), "Everything.");

  static final SettingsSpec FILE = SettingsSpec.of(SLUICE);

  private Sections() {}
}
