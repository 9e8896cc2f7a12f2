package io.sluice.demo;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.files.LiveFolder;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.SqlClient;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The demo's processes: a master, Sluice, two replicas whose only source is the relay (one by GTID,
 * one by file and position). Everything listens on 127.0.0.1.
 */
final class DemoCluster {
  static final String HOST = "127.0.0.1";
  static final String BINLOG = "master-bin";

  /** The demo's accounts: name and password are the same. */
  static final String APPLICATION = "app";

  private static final String REPLICATION = "repl";
  private static final String SERVICE = "sluice";
  private static final Duration WAIT = Duration.ofSeconds(60);

  private final Path directory;
  private final Path home;
  private final Consumer<String> progress;
  private final int relayPort = preferred(4001);
  private final int applicationPort = preferred(4006);
  private final int adminPort = preferred(8989);
  private @Nullable MariaDbServer master;
  private @Nullable MariaDbServer replica1;
  private @Nullable MariaDbServer replica2;
  private @Nullable SluiceServer sluice;

  DemoCluster(Path home, Path directory, Consumer<String> progress) {
    this.home = home;
    this.directory = directory;
    this.progress = progress;
  }

  private static int preferred(int port) {
    return Ports.isFree(port) ? port : Ports.free();
  }

  void start() {
    deleteOld();
    progress.accept("starting the master");
    MariaDbServer theMaster = MariaDbServer.builder().serverId(1).binlog(BINLOG).start();
    master = theMaster;
    createAccounts(theMaster);
    progress.accept("starting two replicas");
    replica1 = MariaDbServer.builder().serverId(2).option("read_only").start();
    replica2 = MariaDbServer.builder().serverId(3).option("read_only").start();

    progress.accept("starting Sluice");
    writeConfiguration();
    SluiceServer server = new SluiceServer(home, config(), log());
    sluice = server;
    server.start(List.of(relayPort, applicationPort, adminPort));

    progress.accept("pointing the replicas at the relay");
    Replication.Source relay = new Replication.Source(HOST, relayPort, REPLICATION, REPLICATION);
    Replication.start(replica1(), relay, Replication.Gtid.SLAVE_POS);
    Replication.start(replica2(), relay, BINLOG + ".000001", 4);
    replicas().forEach(Replication::awaitRunning);
    Replication.awaitCaughtUp(theMaster, replica1());
    awaitByPosition();
    awaitReadWriteSplit();
  }

  private static void createAccounts(MariaDbServer server) {
    server.createUser(REPLICATION, REPLICATION, "REPLICATION SLAVE ON *.*");
    // The monitor asks SHOW SLAVE STATUS, the relay registers, both services load accounts.
    server.createUser(
        SERVICE,
        SERVICE,
        "REPLICATION SLAVE, REPLICATION CLIENT, SLAVE MONITOR ON *.*",
        "SELECT ON mysql.*");
    server.createUser(APPLICATION, APPLICATION, "ALL ON shop.*", "CREATE ON *.*");
  }

  private void writeConfiguration() {
    String text =
        """
        # Written by the demo.
        sluice {
          data-dir = "%s"
          admin { listen = "127.0.0.1:%d" }

          servers {
            # On one machine; elsewhere leave the default, which verifies the servers.
            master   { address = "127.0.0.1", port = %d, options { tls = disable } }
            replica1 { address = "127.0.0.1", port = %d, options { tls = disable } }
            replica2 { address = "127.0.0.1", port = %d, options { tls = disable } }
          }
          monitors {
            main { module = mariadb, servers = [master, replica1, replica2], user = %s, password = %s, interval = 1s }
          }
          services {
            # Stores the master's binlog; both replicas replicate from here.
            relay {
              router = binlog
              servers = [master]
              user = %s, password = %s
              options { server-id = 4711 }
              listeners { relay { address = "127.0.0.1", port = %d } }
            }
            # Reads to the replicas, everything else to the master.
            app {
              router = readwrite
              monitor = main
              user = %s, password = %s
              listeners { app { address = "127.0.0.1", port = %d } }
            }
          }
        }
        """
            .formatted(
                directory.resolve("data"),
                adminPort,
                master().port(),
                replica1().port(),
                replica2().port(),
                SERVICE,
                SERVICE,
                SERVICE,
                SERVICE,
                relayPort,
                SERVICE,
                SERVICE,
                applicationPort);
    try {
      Files.createDirectories(directory);
      Files.writeString(config(), text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + config(), e);
    }
  }

  private void deleteOld() {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + directory, e);
    }
  }

  /** Waits for the replica that knows no GTID position of its own. */
  void awaitByPosition() {
    String file = masterStatus().get(0);
    long position = Long.parseLong(masterStatus().get(1));
    Await.until(
        "replica2 reaches " + file + ":" + position,
        WAIT,
        () -> {
          var status = Replication.status(replica2());
          String at = String.valueOf(status.get("Relay_Master_Log_File"));
          long reached = Long.parseLong(String.valueOf(status.get("Exec_Master_Log_Pos")));
          return at.compareTo(file) > 0 || at.equals(file) && reached >= position;
        },
        () -> Replication.dump(replica2()));
  }

  private void awaitReadWriteSplit() {
    Await.until(
        "the read-write split answers and has found a replica",
        WAIT,
        () -> !"1".equals(application().queryString("SELECT @@server_id")),
        () -> sluice().logTail());
  }

  /** Clean ends: replicas, Sluice, master. */
  void stop() {
    for (MariaDbServer replica : new MariaDbServer[] {replica1, replica2}) {
      if (replica != null) {
        replica.stop();
      }
    }
    if (sluice != null) {
      sluice.stop();
    }
    if (master != null) {
      master.stop();
    }
  }

  /** File and position that the master writes at. */
  List<String> masterStatus() {
    var row = master().queryMap("SHOW MASTER STATUS");
    return List.of(String.valueOf(row.get("File")), String.valueOf(row.get("Position")));
  }

  /** File and position that replicas of the relay can have. */
  List<String> relayStatus() {
    return relayPosition().subList(0, 2);
  }

  /** File, position and GTID that replicas of the relay can have, as the relay says in SQL. */
  List<String> relayPosition() {
    try (WireClient client = WireClient.connect(HOST, relayPort, SERVICE, SERVICE)) {
      WireResult status = client.query("SHOW MASTER STATUS");
      String gtid = String.valueOf(client.query("SELECT @@gtid_binlog_pos").value());
      client.quit();
      if (status.rows().isEmpty()) {
        return List.of("-", "-", gtid);
      }
      var row = status.rows().get(0);
      return List.of(String.valueOf(row.get(0)), String.valueOf(row.get(1)), gtid);
    }
  }

  /** The files that the relay has stored, by name; of the current history only. */
  List<Path> relayFiles() {
    Path store = directory.resolve("data/services/relay/binlog");
    return LiveFolder.at(store).files().stream()
        .filter(path -> path.getFileName().toString().matches(BINLOG + "\\.[0-9]+"))
        .toList();
  }

  /** SQL through the read-write split. */
  SqlClient application() {
    return SqlClient.at(HOST, applicationPort, APPLICATION, APPLICATION);
  }

  MariaDbServer master() {
    return started(master);
  }

  MariaDbServer replica1() {
    return started(replica1);
  }

  MariaDbServer replica2() {
    return started(replica2);
  }

  List<MariaDbServer> replicas() {
    return List.of(replica1(), replica2());
  }

  SluiceServer sluice() {
    return started(sluice);
  }

  private static <T> T started(@Nullable T thing) {
    if (thing == null) {
      throw new IllegalStateException("the demo has not started");
    }
    return thing;
  }

  int relayPort() {
    return relayPort;
  }

  int applicationPort() {
    return applicationPort;
  }

  int adminPort() {
    return adminPort;
  }

  Path home() {
    return home;
  }

  Path config() {
    return directory.resolve("sluice.conf");
  }

  Path log() {
    return directory.resolve("sluice.log");
  }
}
