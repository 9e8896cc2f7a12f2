package io.sluice.benchmarks.contestant;

import io.sluice.testkit.server.DatabaseServer;

/** A database server that serves replicas itself. */
public final class ServerContestant implements Contestant {
  private final String name;
  private final DatabaseServer server;
  private final boolean mySql;

  /** A server that runs and has the accounts of {@link Account}. */
  public ServerContestant(String name, DatabaseServer server) {
    this.name = name;
    this.server = server;
    this.mySql = server.installation().isMySql();
  }

  /** The server itself. */
  public DatabaseServer server() {
    return server;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int port() {
    return server.port();
  }

  @Override
  public long pid() {
    return server.pid();
  }

  @Override
  public boolean isMySql() {
    return mySql;
  }

  @Override
  public void close() {
    server.close();
  }
}
