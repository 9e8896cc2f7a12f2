package io.sluice.testkit.server;

import java.util.ArrayList;
import java.util.List;

/**
 * A real MariaDB server. TLS is off unless asked for (its key generation costs seconds): replicas
 * therefore need {@code MASTER_SSL_VERIFY_SERVER_CERT=0}, which {@link Replication} gives them.
 */
public final class MariaDbServer extends DatabaseServer {
  private MariaDbServer(Builder builder) {
    super(builder);
  }

  /** Describes a server; the embedded one unless told otherwise. See {@link Builder}. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public MariaDbServer start() {
    super.start();
    return this;
  }

  @Override
  ReplicaWords words() {
    return ReplicaWords.MARIADB;
  }

  /** Creates the account with {@code mysql_native_password}. */
  @Override
  public void createUser(String name, String password, String... grants) {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE OR REPLACE USER '" + name + "'@'%' IDENTIFIED BY '" + password + "'");
    addGrants(statements, name, grants);
    execute(statements.toArray(String[]::new));
  }

  /** Options of one server. Later options win over the defaults. */
  public static final class Builder extends DatabaseServer.Builder<Builder, MariaDbServer> {
    private Builder() {
      super(ServerInstallation.embedded());
      option("skip-ssl");
      option("aria-pagecache-buffer-size", "8M");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Turns the server's automatic TLS on (MariaDB 11.4: costs some seconds per start). */
    public Builder tls() {
      remove("skip-ssl");
      return this;
    }

    @Override
    MariaDbServer make() {
      return new MariaDbServer(this);
    }
  }
}
