package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import io.sluice.testkit.server.SqlClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replicas of one family at relays of the other one, and relays of one family that are pointed at a
 * master of the other: nothing is served, nothing is stored, and the replica's own status, or the
 * relay's, says why.
 */
@RequiresServer({"mariadb-10.11", "mariadb-11.8", "mysql-9.7", "mysql-5.6"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossFamilyIT {

  private static final String USER = "repl";
  private static final String PASSWORD = "replpw";

  /** Behind the name of a replica that has GTIDs, where that is another server. */
  private static final String GTID = " with GTIDs";

  private final Map<String, DatabaseServer> masters = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, DatabaseServer> replicas = new LinkedHashMap<>();
  private SluiceProcess sluice;

  private static ServerInstallation installed(String name) {
    return ServerInstallation.find(name).orElseThrow();
  }

  @BeforeAll
  void startAll(@TempDir Path directory) {
    masters.put("mariadb", MariaDbServer.builder().serverId(1).binlog("m-bin").start());
    masters.put(
        "mariadb-10.11",
        MariaDbServer.builder()
            .installation(installed("mariadb-10.11"))
            .serverId(2)
            .binlog("m-bin")
            .start());
    masters.put(
        "mysql-9.7", MySqlServer.builder("mysql-9.7").serverId(3).binlog("m-bin").gtid().start());
    masters.put("mysql-5.6", MySqlServer.builder("mysql-5.6").serverId(4).binlog("m-bin").start());
    MariaDbServer mariaDb =
        MariaDbServer.builder().installation(installed("mariadb-11.8")).serverId(51).start();
    replicas.put("mariadb-11.8", mariaDb);
    replicas.put("mariadb-11.8" + GTID, mariaDb);
    replicas.put("mysql-9.7", MySqlServer.builder("mysql-9.7").serverId(52).withoutGtid().start());
    replicas.put("mysql-9.7" + GTID, MySqlServer.builder("mysql-9.7").serverId(53).gtid().start());
    replicas.put("mysql-5.6", MySqlServer.builder("mysql-5.6").serverId(54).start());
    replicas.put("mysql-5.6" + GTID, MySqlServer.builder("mysql-5.6").serverId(55).gtid().start());
    StringBuilder servers = new StringBuilder();
    StringBuilder services = new StringBuilder();
    masters.forEach(
        (name, master) -> {
          master.createUser("sluice", "secret", "ALL PRIVILEGES ON *.*");
          master.createUser(USER, PASSWORD, "REPLICATION SLAVE ON *.*");
          master.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
          String plain = name.replace(".", "");
          ports.put(name, Ports.free());
          servers.append(
              "    %s { address = \"127.0.0.1\", port = %d, options { tls = disable%s } }\n"
                  .formatted(
                      plain,
                      master.port(),
                      name.equals("mysql-9.7") ? ", get-server-public-key = true" : ""));
          services.append(
              """
                  relay-%s {
                    router = binlog, servers = [%s], user = sluice, password = secret
                    options { server-id = %d }
                    listeners { listener-%s { address = "127.0.0.1", port = %d } }
                  }
              """
                  .formatted(plain, plain, 4711 + ports.size(), plain, ports.get(name)));
        });
    sluice =
        new SluiceProcess(
                directory, "  servers {\n" + servers + "  }\n  services {\n" + services + "  }\n")
            .start();
    masters.keySet().forEach(name -> copies(name).await());
  }

  @AfterAll
  void stopAll() {
    sluice.close();
    Stream.concat(masters.values().stream(), replicas.values().stream())
        .forEach(DatabaseServer::close);
  }

  /** A replica, the master whose relay it is pointed at, and how. */
  record Pair(String replica, String master, boolean gtid) {
    private boolean isMySqlReplica() {
      return replica.startsWith("mysql");
    }

    /** What the replica's status must say: its own check, or the relay's answer to the dump. */
    private String text() {
      if (!isMySqlReplica()) {
        return "The binary log is that of a MySQL server, and the replica is a MariaDB server";
      }
      return gtid
          ? "GTID_MODE"
          : "The binary log is that of a MariaDB server, and the replica is a MySQL server";
    }
  }

  Stream<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (String replica : List.of("mariadb-11.8", "mysql-9.7", "mysql-5.6")) {
      for (String master : masters.keySet()) {
        if (replica.startsWith("mysql") != master.startsWith("mysql")) {
          pairs.add(new Pair(replica, master, true));
          pairs.add(new Pair(replica, master, false));
        }
      }
    }
    return pairs.stream();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void shouldRefuseReplicasOfTheOtherFamily(Pair pair) {
    DatabaseServer replica = replicas.get(pair.replica() + (pair.gtid() ? GTID : ""));
    Replication.change(
        replica, to(ports.get(pair.master())) + (pair.gtid() ? gtidOption(pair) : position(pair)));
    Replication.startSlave(replica);
    Map<String, @Nullable String> status =
        Await.value(
            pair + " is refused",
            Duration.ofSeconds(60),
            () -> Replication.status(replica),
            s -> "No".equals(s.get("Slave_IO_Running")),
            () -> Replication.dump(replica));
    assertThat(status.get("Last_IO_Error")).contains(pair.text());
    assertThat(status.get("Last_IO_Errno")).isNotEqualTo("0");
    assertThat(replica.queryRows("SHOW DATABASES LIKE 'd'")).isEmpty();
    Replication.stopSlave(replica);
    Replication.resetSlaveAll(replica);
  }

  private static String to(int port) {
    return "MASTER_HOST='127.0.0.1', MASTER_PORT=%d, MASTER_USER='%s', MASTER_PASSWORD='%s', MASTER_CONNECT_RETRY=1"
        .formatted(port, USER, PASSWORD);
  }

  private static String gtidOption(Pair pair) {
    return pair.isMySqlReplica() ? ", MASTER_AUTO_POSITION=1" : ", MASTER_USE_GTID=slave_pos";
  }

  private static String position(Pair pair) {
    return (pair.isMySqlReplica() ? "" : ", MASTER_USE_GTID=no")
        + ", MASTER_LOG_FILE='m-bin.000001', MASTER_LOG_POS=4";
  }

  @ParameterizedTest
  @CsvSource({
    "mariadb, mysql-5.6, the master is a MySQL server, the stored log is of a MariaDB server",
    "mysql-5.6, mariadb, the master is a MariaDB server, the stored log is of a MySQL server"
  })
  void shouldNotFollowAMasterOfTheOtherFamily(
      String relay, String master, String found, String stored) {
    SqlClient sql = SqlClient.at("127.0.0.1", ports.get(relay), "sluice", "secret");
    point(sql, masters.get(master).port());
    Map<String, @Nullable String> status =
        Await.value(
            "the relay of " + relay + " stops",
            Duration.ofSeconds(60),
            () -> sql.queryMap("SHOW SLAVE STATUS"),
            s -> "No".equals(s.get("Slave_IO_Running")),
            sluice::output);
    assertThat(status.get("Last_IO_Error")).contains(found).contains(stored);

    // What is stored is as it was: the link goes on at its own master.
    point(sql, masters.get(relay).port());
    masters.get(relay).execute("INSERT INTO d.t VALUES (1)");
    copies(relay).await();
  }

  private static void point(SqlClient sql, int port) {
    sql.execute("STOP SLAVE", "CHANGE MASTER TO MASTER_PORT=" + port, "START SLAVE");
  }

  private StoredCopies copies(String master) {
    return new StoredCopies(sluice, "relay-" + master.replace(".", ""), masters.get(master));
  }
}
