package io.sluice.demo;

import io.sluice.testkit.server.MariaDbServer;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The program behind {@code ./demo}. Arguments: the unpacked distribution, a folder for the demo's
 * files (emptied first), and {@code --once} to check and end. Exit code 0: all is equal; 1: not, or
 * something failed.
 */
public final class Demo {
  private static final long ORDER_PAUSE_MILLIS = 100;
  private static final long TABLE_MILLIS_TERMINAL = 1_000;
  private static final long TABLE_MILLIS_PLAIN = 10_000;
  private static final int ORDERS_PER_FILE = 300;

  private final DemoCluster cluster;
  private final PrintStream out;

  private Demo(DemoCluster cluster, PrintStream out) {
    this.cluster = cluster;
    this.out = out;
  }

  public static void main(String[] arguments) {
    List<String> options = List.of(arguments);
    boolean once = options.contains("--once");
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path home = Path.of(options.get(0)).toAbsolutePath();
    Path directory = Path.of(options.get(1)).toAbsolutePath();
    DemoCluster cluster = new DemoCluster(home, directory, step -> out.println("demo: " + step));
    AtomicBoolean stopping = new AtomicBoolean();
    // Also on Ctrl-C: the end is an orderly one.
    MariaDbServer.beforeExit(
        () -> {
          stopping.set(true);
          out.println("demo: stopping");
          cluster.stop();
        });
    int exitCode;
    try {
      Demo demo = new Demo(cluster, out);
      cluster.start();
      exitCode = once ? demo.once() : demo.live();
    } catch (InterruptedException e) {
      exitCode = 1;
    } catch (Exception | AssertionError e) {
      if (stopping.get()) {
        return;
      }
      out.println("demo: FAILED: " + e.getMessage());
      out.println("demo: the log of Sluice is " + cluster.log());
      exitCode = 1;
    }
    System.exit(exitCode);
  }

  private int once() throws SQLException {
    DemoWorkload workload = new DemoWorkload(cluster);
    out.println("demo: running the workload");
    workload.runOnce();
    out.println("demo: comparing");
    int differences = new DemoCheck(cluster, out).run(workload);
    out.println();
    if (differences > 0) {
      out.println("demo: FAILED, " + differences + " differences");
      out.println("demo: the log of Sluice is " + cluster.log());
      return 1;
    }
    out.println("demo: all is equal");
    return 0;
  }

  private int live() throws SQLException, InterruptedException {
    boolean terminal = System.console() != null;
    DemoWorkload workload = new DemoWorkload(cluster);
    workload.createTables();
    howToConnect();
    LiveTable table = new LiveTable(cluster, out, terminal);
    long tableMillis = terminal ? TABLE_MILLIS_TERMINAL : TABLE_MILLIS_PLAIN;
    long start = System.nanoTime();
    long nextTable = start;
    try (Connection connection = cluster.application().connect()) {
      while (cluster.sluice().isRunning()) {
        workload.order(connection, 100);
        if (workload.orders() % ORDERS_PER_FILE == 0) {
          cluster.master().execute("FLUSH BINARY LOGS");
        }
        long now = System.nanoTime();
        if (now - nextTable >= 0) {
          table.print(workload.orders(), TimeUnit.NANOSECONDS.toSeconds(now - start));
          nextTable = now + TimeUnit.MILLISECONDS.toNanos(tableMillis);
        }
        TimeUnit.MILLISECONDS.sleep(ORDER_PAUSE_MILLIS);
      }
    }
    out.println("demo: Sluice has ended:\n" + cluster.sluice().logTail());
    return 1;
  }

  private void howToConnect() {
    Path client = cluster.master().client("mariadb").orElse(Path.of("mariadb"));
    String mariadb = client + " --skip-ssl -h " + DemoCluster.HOST + " -P ";
    out.println();
    out.println("Connect from another terminal:");
    line("application", mariadb + cluster.applicationPort() + " -u app -papp shop");
    line("relay", mariadb + cluster.relayPort() + " -u sluice -psluice -e 'SHOW MASTER STATUS'");
    line("master", mariadb + cluster.master().port() + " -u root");
    line("replica1", mariadb + cluster.replica1().port() + " -u root");
    line("replica2", mariadb + cluster.replica2().port() + " -u root");
    line(
        "console",
        cluster.home().resolve("bin/sluicectl")
            + " --config "
            + cluster.config()
            + " show service relay");
    line("REST", "http://" + DemoCluster.HOST + ":" + cluster.adminPort() + "/v1/services");
    line("log", cluster.log().toString());
    out.println("Ctrl-C ends it all.");
    out.println();
  }

  private void line(String what, String how) {
    out.println(String.format("  %-12s %s", what, how));
  }
}
