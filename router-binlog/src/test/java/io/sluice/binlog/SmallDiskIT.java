package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.Replication.Gtid;
import io.sluice.testkit.server.SqlClient;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real file system of 64 MB that fills up under load, four times: with the ballast of somebody
 * else, while the relay is down, and with the log itself. Replicas get all that is stored
 * meanwhile, intake goes on by itself when there is room again, and in the end all are equal.
 */
class SmallDiskIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int NO_MOUNT = 77;

  @TempDir Path directory;

  /** The relay, in a process that has mounted the file system for itself. */
  private static final class Child implements AutoCloseable {
    private final Process process;
    private final PrintStream in;
    private final BufferedReader out;

    Child(Process process) {
      this.process = process;
      this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      this.out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    String line() throws IOException {
      return out.readLine();
    }

    String ask(String command) throws IOException {
      in.println(command);
      return String.valueOf(out.readLine());
    }

    /** Intake, GTID position, alarm, error of the link, state of the link. */
    String[] state() {
      try {
        return ask("state").split("\t", -1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  private Child start(MariaDbServer master, int port) throws Exception {
    Path mount = Files.createDirectory(directory.resolve("small"));
    String java =
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    String script =
        "mount -t tmpfs -o size=64m tmpfs \"$1\" || exit " + NO_MOUNT + "; shift; exec \"$@\"";
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "unshare",
                  "-rm",
                  "sh",
                  "-c",
                  script,
                  "sh",
                  mount.toString(),
                  java,
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  SmallDiskRelay.class.getName(),
                  mount.toString(),
                  master.host(),
                  String.valueOf(master.port()),
                  String.valueOf(port))
              .redirectError(directory.resolve("relay.log").toFile())
              .start();
    } catch (IOException e) {
      return notHere(e.getMessage());
    }
    Child child = new Child(process);
    if (!"ready".equals(child.line())) {
      String log = Files.readString(directory.resolve("relay.log"));
      if (process.waitFor() == NO_MOUNT || log.contains("unshare")) {
        return notHere(log);
      }
      throw new AssertionError(log);
    }
    return child;
  }

  private static Child notHere(String why) {
    Assumptions.abort("no small file system can be mounted here: " + why);
    throw new IllegalStateException("not reached");
  }

  private static void load(MariaDbServer master, int megabytes) {
    for (int i = 0; i < megabytes; i++) {
      master.execute(
          "USE w",
          "INSERT INTO w.t (v) SELECT REPEAT(CHAR(65 + RAND() * 26), 100000) FROM seq_1_to_10");
    }
  }

  private static void awaitIntake(Child child, String wanted) {
    Await.until(
        "intake " + wanted,
        PATIENCE,
        () -> wanted.equals(child.state()[0]),
        () -> String.join(", ", child.state()));
  }

  /** The alarm is raised a moment before the link hears of it. */
  private static void awaitReason(Child child) {
    Await.untilAsserted(
        "alarm and link say why",
        PATIENCE,
        () -> {
          String[] state = child.state();
          assertThat(state[2]).contains("No space left");
          assertThat(state[3]).contains("No space left");
        });
  }

  /** The replica has all that the relay has, which is not all. */
  private static void awaitServed(Child child, MariaDbServer replica) {
    Await.until(
        "the replica has what the relay has",
        PATIENCE,
        () ->
            String.valueOf(replica.queryString("SELECT @@global.gtid_slave_pos"))
                .equals(child.state()[1]),
        () -> String.join(", ", child.state()));
  }

  private static void awaitAll(Child child, MariaDbServer master) {
    String gtid = String.valueOf(master.queryString("SELECT @@global.gtid_binlog_pos"));
    Await.until(
        "the relay has all",
        PATIENCE,
        () -> gtid.equals(child.state()[1]) && "running".equals(child.state()[0]),
        () -> gtid + ", " + String.join(", ", child.state()));
  }

  @Test
  void shouldServeAndGoOnWhenThereIsRoomAgain() throws Exception {
    int port = Ports.free();
    try (MariaDbServer master =
            MariaDbServer.builder()
                .serverId(1)
                .binlog("m-bin")
                .option("max-binlog-size", "4194304")
                .start();
        MariaDbServer replica = MariaDbServer.builder().serverId(2).start()) {
      RelayHarness.createUser(master);
      master.createUser("admin", "admin-pw", "BINLOG ADMIN ON *.*");
      master.execute(
          "CREATE DATABASE w", "CREATE TABLE w.t (id INT PRIMARY KEY AUTO_INCREMENT, v LONGTEXT)");
      try (Child child = start(master, port)) {
        Replication.start(
            replica,
            new Replication.Source("127.0.0.1", port, RelayHarness.USER, RelayHarness.PASSWORD),
            Gtid.SLAVE_POS);
        awaitAll(child, master);

        child.ask("fill 12000000");
        load(master, 20);
        awaitIntake(child, "paused");
        awaitReason(child);
        awaitServed(child, replica);
        child.ask("free");
        awaitAll(child, master);

        child.ask("stop");
        child.ask("fill 0");
        load(master, 3);
        assertThat(child.ask("start")).isEqualTo("started");
        awaitIntake(child, "paused");
        awaitServed(child, replica);
        child.ask("free");
        awaitAll(child, master);

        load(master, 45);
        awaitIntake(child, "paused");
        awaitServed(child, replica);
        SqlClient.at("127.0.0.1", port, "admin", "admin-pw")
            .execute("PURGE BINARY LOGS TO 'm-bin.000010'");
        awaitAll(child, master);

        Replication.assertReplicated(master, replica);
        for (String name : master.closedBinlogFiles()) {
          if (name.compareTo("m-bin.000010") >= 0) {
            byte[] theirs = Files.readAllBytes(master.binlogPath(name));
            theirs[21] &= (byte) 0xfe;
            assertThat(child.ask("sha " + name))
                .as("bytes of %s", name)
                .isEqualTo(
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(theirs)));
          }
        }
        assertThat(List.of(child.state()[0], child.state()[4]))
            .containsExactly("running", "streaming");
      }
    }
  }
}
