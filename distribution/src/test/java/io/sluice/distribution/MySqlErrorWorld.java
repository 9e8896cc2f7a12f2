package io.sluice.distribution;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.Replication;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two sources with a past, each with a relay that holds the same: one has GTIDs, purged its oldest
 * files, and has files that will be damaged; the other has anonymous transactions only.
 */
final class MySqlErrorWorld implements AutoCloseable {

  static final String USER = "repl";
  static final String PASSWORD = "replpw";

  private final String installation;
  private final MySqlServer source;
  private final MySqlServer plain;
  private final SluiceProcess sluice;
  private final int relayPort = Ports.free();
  private final int plainRelayPort = Ports.free();
  private final Map<String, String> gtids = new TreeMap<>();

  MySqlErrorWorld(String installation, Path directory) {
    this.installation = installation;
    source = server(1, true).start();
    plain = server(2, false).start();
    addAccounts(source);
    addAccounts(plain);
    makeHistory();
    plain.execute("CREATE DATABASE p", "CREATE TABLE p.t (id INT PRIMARY KEY)");
    plain.execute("FLUSH BINARY LOGS", "INSERT INTO p.t VALUES (1)");
    sluice =
        new SluiceProcess(
                directory,
                """
                  servers {
                    source { address = "127.0.0.1", port = %d, options { tls = disable%s } }
                    plain { address = "127.0.0.1", port = %d, options { tls = disable%s } }
                  }
                  services {
                    relay {
                      router = binlog, servers = [source], user = sluice, password = secret
                      options { server-id = 4711 }
                      listeners { relay { address = "127.0.0.1", port = %d } }
                    }
                    plain-relay {
                      router = binlog, servers = [plain], user = sluice, password = secret
                      options { server-id = 4712 }
                      listeners { plain-relay { address = "127.0.0.1", port = %d } }
                    }
                  }
                """
                    .formatted(
                        source.port(), key(), plain.port(), key(), relayPort, plainRelayPort))
            .start();
    copies().await();
    new StoredCopies(sluice, "plain-relay", plain).await();
  }

  /** Accounts of 5.6 send no password that would have to be encrypted. */
  private String key() {
    return isNew() ? ", get-server-public-key = true" : "";
  }

  /** Whether servers have the words and numbers of 8.4 and later. */
  boolean isNew() {
    return source.installation().isAtLeast(8, 4);
  }

  /** A server of the same version. */
  MySqlServer.Builder server(int id, boolean gtid) {
    MySqlServer.Builder builder = MySqlServer.builder(installation).serverId(id).binlog("m-bin");
    return gtid ? builder.gtid() : builder.withoutGtid();
  }

  private static void addAccounts(MySqlServer server) {
    server.createUser(
        "sluice", "secret", "REPLICATION SLAVE, REPLICATION CLIENT ON *.*", "SELECT ON mysql.*");
    server.createUser(USER, PASSWORD, "REPLICATION SLAVE ON *.*");
    server.createUser("weak", "weakpw");
    if (server.installation().isAtLeast(8, 4)) {
      server.createUser("locked", "lockedpw", "REPLICATION SLAVE ON *.*");
      server.execute("ALTER USER locked ACCOUNT LOCK");
    }
  }

  /** Files: 1 and 2 are purged, 3 and 4 are whole, 5 to 7 are for damage, 8 is written. */
  private void makeHistory() {
    source.execute(
        "CREATE DATABASE e",
        "CREATE TABLE e.t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200))",
        "INSERT INTO e.t (v) VALUES ('one'), ('two')");
    nextFile("a");
    mark("purged");
    nextFile("b");
    mark("oldest");
    nextFile("c");
    mark("middle");
    nextFile("d");
    nextFile("e");
    nextFile("f");
    nextFile("g");
    mark("end");
    Await.until(
        "oldest files purged",
        Duration.ofSeconds(60),
        () -> {
          source.execute("PURGE BINARY LOGS TO 'm-bin.000003'");
          return source.binlogFiles().size() == 6;
        });
  }

  private void nextFile(String value) {
    source.execute(
        "FLUSH BINARY LOGS",
        "INSERT INTO e.t (v) VALUES (REPEAT('" + value + "', 50))",
        "UPDATE e.t SET v = CONCAT(v, '+') WHERE id < 4");
  }

  private void mark(String name) {
    gtids.put(name, source.gtidExecuted());
  }

  /** All that was executed at a named moment. */
  String gtids(String moment) {
    return String.valueOf(gtids.get(moment));
  }

  MySqlServer source() {
    return source;
  }

  MySqlServer plain() {
    return plain;
  }

  SluiceProcess sluice() {
    return sluice;
  }

  /** What the relay has of the source. */
  StoredCopies copies() {
    return new StoredCopies(sluice, "relay", source);
  }

  Replication.Source toSource(String user, String password) {
    return new Replication.Source("127.0.0.1", source.port(), user, password);
  }

  Replication.Source toRelay(String user, String password) {
    return new Replication.Source("127.0.0.1", relayPort, user, password);
  }

  Replication.Source toPlain() {
    return Replication.Source.of(plain, USER, PASSWORD);
  }

  Replication.Source toPlainRelay() {
    return new Replication.Source("127.0.0.1", plainRelayPort, USER, PASSWORD);
  }

  @Override
  public void close() {
    sluice.close();
    plain.close();
    source.close();
  }
}
