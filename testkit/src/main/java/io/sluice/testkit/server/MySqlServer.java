package io.sluice.testkit.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A real MySQL server, installed by {@code dev/install-servers}: {@code mysql-9.7} or {@code
 * mysql-5.6}. Each has a {@code server_uuid} of its own. What is not said in the builder is as the
 * server has it by default; so 9.7 has {@code gtid_mode=ON} and TLS with a certificate of its own
 * (all servers of one machine share certificate and RSA keys, which are made once), 5.6 neither.
 */
public final class MySqlServer extends DatabaseServer {
  private static final String NATIVE_PASSWORD = "mysql_native_password";

  private MySqlServer(Builder builder) {
    super(builder);
  }

  /** Describes a server of an installation with that name, which must be there. */
  public static Builder builder(String installation) {
    return new Builder(
        ServerInstallation.find(installation)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "server: " + installation + " (expected: @RequiresServer on the test)")));
  }

  @Override
  public MySqlServer start() {
    super.start();
    return this;
  }

  @Override
  ReplicaWords words() {
    return installation().isAtLeast(8, 4) ? ReplicaWords.MYSQL_NEW : ReplicaWords.MYSQL_OLD;
  }

  /** {@code gtid_executed} on one line. */
  public String gtidExecuted() {
    return gtids("@@GLOBAL.gtid_executed");
  }

  /** {@code gtid_purged} on one line. */
  public String gtidPurged() {
    return gtids("@@GLOBAL.gtid_purged");
  }

  private String gtids(String variable) {
    return String.valueOf(queryString("SELECT " + variable)).replace("\n", "");
  }

  /** Whether all transactions that the server executes have a GTID. */
  public boolean isGtidMode() {
    return "ON".equals(queryString("SELECT @@GLOBAL.gtid_mode"));
  }

  public String serverUuid() {
    return String.valueOf(queryString("SELECT @@server_uuid"));
  }

  /** Creates the account with the server's default plugin. */
  @Override
  public void createUser(String name, String password, String... grants) {
    createUserWith(
        installation().isAtLeast(8, 0) ? "caching_sha2_password" : NATIVE_PASSWORD,
        name,
        password,
        grants);
  }

  /**
   * Creates the account with that authentication plugin, in place of one that is there. 9.7 has
   * {@code caching_sha2_password} and {@code sha256_password}, 5.6 {@code mysql_native_password}
   * and {@code sha256_password}.
   */
  public void createUserWith(String plugin, String name, String password, String... grants) {
    String account = "'" + name + "'@'%'";
    List<String> statements = new ArrayList<>();
    if (installation().isAtLeast(8, 0)) {
      statements.add("DROP USER IF EXISTS " + account);
      statements.add(
          "CREATE USER " + account + " IDENTIFIED WITH " + plugin + " BY '" + password + "'");
    } else {
      statements.add("GRANT USAGE ON *.* TO " + account);
      statements.add("DROP USER " + account);
      statements.add("CREATE USER " + account + " IDENTIFIED WITH " + plugin);
      statements.add("SET old_passwords = " + (plugin.equals(NATIVE_PASSWORD) ? 0 : 2));
      statements.add("SET PASSWORD FOR " + account + " = PASSWORD('" + password + "')");
    }
    addGrants(statements, name, grants);
    execute(statements.toArray(String[]::new));
  }

  /** Options of one server. Later options win over the defaults. */
  public static final class Builder extends DatabaseServer.Builder<Builder, MySqlServer> {
    private final List<String> plugins = new ArrayList<>();

    private Builder(ServerInstallation installation) {
      super(installation);
      if (installation.isAtLeast(8, 0)) {
        option("mysqlx", "OFF");
      }
    }

    @Override
    Builder self() {
      return this;
    }

    /** GTIDs for all transactions, with a binlog, which 5.6 needs for that on replicas too. */
    public Builder gtid() {
      if (!has("log-bin")) {
        binlog("bin");
      }
      option(installation().isAtLeast(8, 4) ? "log-replica-updates" : "log-slave-updates", "ON");
      return option("gtid-mode", "ON").option("enforce-gtid-consistency", "ON");
    }

    /** Anonymous transactions only. */
    public Builder withoutGtid() {
      return option("gtid-mode", "OFF").option("enforce-gtid-consistency", "OFF");
    }

    /** No TLS, where it is there by default (9.7); passwords then need the RSA key. */
    public Builder withoutTls() {
      return installation().isAtLeast(8, 0) ? option("tls-version", "") : option("skip-ssl");
    }

    /** Semi-synchronous replication, at once as source and as replica (new names; not in 5.6). */
    public Builder semiSync() {
      return plugin("semisync_source.so")
          .plugin("semisync_replica.so")
          .option("rpl-semi-sync-source-enabled", "ON")
          .option("rpl-semi-sync-replica-enabled", "ON");
    }

    /** Loads a plugin library at each start. */
    public Builder plugin(String... libraries) {
      plugins.addAll(Arrays.asList(libraries));
      return option("plugin-load", String.join(";", plugins));
    }

    @Override
    MySqlServer make() {
      return new MySqlServer(this);
    }
  }
}
