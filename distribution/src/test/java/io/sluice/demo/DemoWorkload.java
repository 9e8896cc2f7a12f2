package io.sluice.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** An application behind the read-write split: orders and a log of them. Not thread-safe. */
final class DemoWorkload {
  private static final int FLUSHES = 3;
  private static final int ORDERS_PER_FILE = 40;
  private static final int LARGE = 3_000_000;

  private final DemoCluster cluster;
  private final Random random = new Random(4711);
  private long orders;

  DemoWorkload(DemoCluster cluster) {
    this.cluster = cluster;
  }

  long orders() {
    return orders;
  }

  /** Makes the tables. Two engines, so that groups end both with XID and with COMMIT. */
  void createTables() {
    cluster
        .application()
        .execute(
            "CREATE DATABASE shop",
            "CREATE TABLE shop.orders (id BIGINT PRIMARY KEY AUTO_INCREMENT, customer VARCHAR(40),"
                + " amount DECIMAL(10,2), note MEDIUMTEXT, at TIMESTAMP(6)) ENGINE=InnoDB",
            "CREATE TABLE shop.journal (id BIGINT PRIMARY KEY AUTO_INCREMENT, entry VARCHAR(200))"
                + " ENGINE=Aria");
  }

  /** The workload of {@code --once}: DDL, both engines, large rows, several binlog files. */
  void runOnce() throws SQLException {
    createTables();
    try (Connection connection = cluster.application().connect()) {
      for (int file = 0; file < FLUSHES; file++) {
        for (int i = 0; i < ORDERS_PER_FILE; i++) {
          order(connection, i == 0 ? LARGE : 20);
        }
        cluster.master().execute("FLUSH BINARY LOGS");
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("ALTER TABLE shop.orders ADD COLUMN paid BOOLEAN NOT NULL DEFAULT FALSE");
        statement.execute("UPDATE shop.orders SET paid = TRUE WHERE id % 3 = 0");
        statement.execute("DELETE FROM shop.orders WHERE id % 10 = 0");
        statement.execute(
            "CREATE TABLE shop.paid AS SELECT id, amount FROM shop.orders WHERE paid");
        statement.execute("CREATE TABLE shop.gone (a INT)");
        statement.execute("DROP TABLE shop.gone");
      }
    }
  }

  /** One order: a transaction of two statements, and a line in the journal. */
  void order(Connection connection, int noteLength) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO shop.orders (customer, amount, note, at) VALUES (?, ?, ?, NOW(6))");
        Statement update = connection.createStatement()) {
      insert.setString(1, "customer " + random.nextInt(100));
      insert.setBigDecimal(2, java.math.BigDecimal.valueOf(random.nextInt(100_000), 2));
      insert.setString(3, "n".repeat(noteLength));
      insert.execute();
      update.execute("UPDATE shop.orders SET amount = amount + 1 ORDER BY id DESC LIMIT 1");
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO shop.journal (entry) VALUES ('order by Zoë')");
    }
    orders++;
  }

  /** Server ids that answered reads outside of transactions, over a few connections. */
  Set<String> readers() throws SQLException {
    Set<String> servers = new TreeSet<>();
    for (int i = 0; i < 8; i++) {
      try (Connection connection = cluster.application().connect();
          Statement statement = connection.createStatement()) {
        for (int j = 0; j < 4; j++) {
          servers.add(serverId(statement));
        }
      }
    }
    return servers;
  }

  /** The server id that answers inside of a transaction. */
  String writer() throws SQLException {
    try (Connection connection = cluster.application().connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO shop.journal (entry) VALUES ('who writes?')");
      String server = serverId(statement);
      connection.commit();
      return server;
    }
  }

  private static String serverId(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("SELECT @@server_id")) {
      result.next();
      return result.getString(1);
    }
  }
}
