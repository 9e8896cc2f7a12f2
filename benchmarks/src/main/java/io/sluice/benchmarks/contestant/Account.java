package io.sluice.benchmarks.contestant;

import io.sluice.testkit.server.DatabaseServer;

/** The accounts that every contestant has. */
public final class Account {
  /** Who replicates. */
  public static final String REPLICA = "repl";

  /** Who the relay is at its master. */
  public static final String RELAY = "sluice";

  /** The password of both. */
  public static final String PASSWORD = "secret";

  private Account() {}

  /** Makes them. */
  public static void create(DatabaseServer server) {
    server.createUser(REPLICA, PASSWORD, "REPLICATION SLAVE ON *.*");
    server.createUser(
        RELAY, PASSWORD, "REPLICATION SLAVE, REPLICATION CLIENT ON *.*", "SELECT ON mysql.*");
  }
}
