package io.sluice.distribution;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.ServerInstallation;
import io.sluice.testkit.server.SqlClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Two masters with a past, each with a relay that holds the same: one purged its oldest file, has
 * three domains, a hole in one of them, and files that will be damaged; the other was promoted
 * without log_slave_updates.
 */
final class ErrorWorld implements AutoCloseable {

  static final String USER = "repl";
  static final String PASSWORD = "replpw";

  private final MariaDbServer master;
  private final MariaDbServer promoted;
  private final SluiceProcess sluice;
  private final int relayPort = Ports.free();
  private final int promotedRelayPort = Ports.free();
  private final Map<String, String> gtids = new TreeMap<>();

  ErrorWorld(ServerInstallation installation, Path directory) {
    master = server(installation, 1, "m-bin").start();
    promoted = server(installation, 2, "p-bin").start();
    addAccounts(master);
    makeHistory();
    makePromoted();
    sluice =
        new SluiceProcess(
                directory,
                """
                  servers {
                    master { address = "127.0.0.1", port = %d, options { tls = disable } }
                    promoted { address = "127.0.0.1", port = %d, options { tls = disable } }
                  }
                  services {
                    relay {
                      router = binlog, servers = [master], user = sluice, password = secret
                      options { server-id = 4711 }
                      listeners { relay { address = "127.0.0.1", port = %d } }
                    }
                    promoted-relay {
                      router = binlog, servers = [promoted], user = sluice, password = secret
                      options { server-id = 4712 }
                      listeners { promoted-relay { address = "127.0.0.1", port = %d } }
                    }
                  }
                """
                    .formatted(master.port(), promoted.port(), relayPort, promotedRelayPort))
            .start();
    copies().await();
    new StoredCopies(sluice, "promoted-relay", promoted).await();
  }

  private static MariaDbServer.Builder server(
      ServerInstallation installation, int id, String binlog) {
    // Without it newer servers purge nothing while no replica is connected.
    return MariaDbServer.builder()
        .installation(installation)
        .serverId(id)
        .binlog(binlog)
        .option("loose-slave-connections-needed-for-purge", "0");
  }

  private static void addAccounts(MariaDbServer server) {
    server.execute("SET sql_log_bin = 0; CREATE USER sluice@'%' IDENTIFIED BY 'secret'");
    server.execute(
        "SET sql_log_bin = 0",
        "GRANT REPLICATION SLAVE, BINLOG MONITOR, SUPER, REPLICATION SLAVE ADMIN,"
            + " REPLICATION MASTER ADMIN, RELOAD ON *.* TO sluice@'%'",
        "GRANT SELECT ON mysql.* TO sluice@'%'",
        "CREATE USER " + USER + "@'%' IDENTIFIED BY '" + PASSWORD + "'",
        "GRANT REPLICATION SLAVE ON *.* TO " + USER + "@'%'",
        "CREATE USER weak@'%' IDENTIFIED BY 'weakpw'");
  }

  /** Files: 1 is purged, 2 to 4 are whole, 5 to 7 are for damage, 8 is written. */
  private void makeHistory() {
    master.execute(
        "CREATE DATABASE e",
        "CREATE TABLE e.t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200))");
    master.execute(
        "SET gtid_domain_id = 1",
        "INSERT INTO e.t (v) VALUES ('one')",
        "INSERT INTO e.t (v) VALUES ('last of domain 1')");
    mark("purged");
    nextFile("a");
    mark("oldest");
    nextFile("b");
    master.execute(
        "SET gtid_domain_id = 2",
        "SET gtid_seq_no = 5",
        "INSERT INTO e.t (v) VALUES ('before the hole')",
        "SET gtid_seq_no = 10",
        "INSERT INTO e.t (v) VALUES ('after the hole')");
    mark("hole");
    nextFile("c");
    master.execute("SET server_id = 7", "INSERT INTO e.t (v) VALUES ('another server id')");
    mark("middle");
    nextFile("d");
    nextFile("e");
    nextFile("f");
    nextFile("g");
    mark("end");
    // A file can go only once InnoDB's own log no longer needs it.
    Await.until(
        "oldest file purged",
        Duration.ofSeconds(60),
        () -> {
          master.execute("PURGE BINARY LOGS TO 'm-bin.000002'");
          return master.binlogFiles().size() == 7;
        });
  }

  private void nextFile(String value) {
    master.execute(
        "FLUSH BINARY LOGS",
        "INSERT INTO e.t (v) VALUES (REPEAT('" + value + "', 50))",
        "UPDATE e.t SET v = CONCAT(v, '+') WHERE id < 4");
  }

  private void mark(String name) {
    gtids.put(name, String.valueOf(master.queryString("SELECT @@gtid_binlog_pos")));
  }

  /** A replica up to the end of the master, then a master itself; what it applied is not logged. */
  private void makePromoted() {
    follow(promoted);
    promoted.execute("STOP SLAVE", "RESET SLAVE");
    addAccounts(promoted);
    promoted.execute(
        "INSERT INTO e.t (v) VALUES ('of the new master')",
        "FLUSH BINARY LOGS",
        "INSERT INTO e.t (v) VALUES ('of the new master too')");
  }

  private void follow(MariaDbServer server) {
    server.execute(
        "SET sql_log_bin = 0",
        "CREATE DATABASE e",
        "CREATE TABLE e.t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(250))",
        "SET GLOBAL gtid_slave_pos = '" + gtid("oldest") + "'",
        "SET GLOBAL slave_exec_mode = 'IDEMPOTENT'");
    Replication.start(
        server, Replication.Source.of(master, USER, PASSWORD), Replication.Gtid.SLAVE_POS);
    Replication.awaitGtid(server, gtid("end"), Duration.ofSeconds(60));
  }

  /** A replica with a binlog that others can replicate from: what the relay is, as a server. */
  MariaDbServer newIntermediate() {
    MariaDbServer server =
        server(master.installation(), 3, "i-bin").option("log-slave-updates").start();
    follow(server);
    addAccounts(server);
    return server;
  }

  /** SQL of an administrator on the relay's listener. */
  SqlClient relaySql() {
    return SqlClient.at("127.0.0.1", relayPort, "sluice", "secret");
  }

  /** The position of the whole binlog at a named moment. */
  String gtid(String moment) {
    return String.valueOf(gtids.get(moment));
  }

  /** The same with one domain's part replaced, or added; null takes the domain out. */
  String gtid(String moment, long domain, @Nullable String part) {
    Map<Long, String> parts = new TreeMap<>();
    for (String one : gtid(moment).split(",")) {
      parts.put(Long.parseLong(one.substring(0, one.indexOf('-'))), one);
    }
    parts.remove(domain);
    if (part != null) {
      parts.put(domain, part);
    }
    return String.join(",", parts.values());
  }

  MariaDbServer master() {
    return master;
  }

  MariaDbServer promoted() {
    return promoted;
  }

  SluiceProcess sluice() {
    return sluice;
  }

  Replication.Source source(String user, String password) {
    return new Replication.Source("127.0.0.1", master.port(), user, password);
  }

  Replication.Source relay(String user, String password) {
    return new Replication.Source("127.0.0.1", relayPort, user, password);
  }

  Replication.Source promotedRelay() {
    return new Replication.Source("127.0.0.1", promotedRelayPort, USER, PASSWORD);
  }

  /** What the relay has of the master. */
  StoredCopies copies() {
    return new StoredCopies(sluice, "relay", master);
  }

  @Override
  public void close() {
    sluice.close();
    promoted.close();
    master.close();
  }
}
