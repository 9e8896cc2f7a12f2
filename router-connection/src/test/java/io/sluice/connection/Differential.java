package io.sluice.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connection.differ.Operation;
import io.sluice.connection.differ.Prepares;
import io.sluice.connection.differ.Queries;
import io.sluice.connection.differ.Sessions;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same operations of both drivers on a direct connection and through the proxy: what the driver
 * tells the program is the same.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Differential {

  private static final int LINES_SHOWN = 3;
  private static final String ALL = "allowMultiQueries=true&allowLoadLocalInfile=true";

  /**
   * How a program configures its driver.
   *
   * @param by which router carries it
   * @param server options of the proxy towards the server
   * @param mySql which driver
   * @param options of the driver, both ways
   * @param direct more of them for the direct connection
   * @param proxied more of them for the connection through the proxy
   */
  record Setup(
      Through.By by, String server, boolean mySql, String options, String direct, String proxied) {

    /** The same with options of the proxy towards the server. */
    Setup to(String serverOptions) {
      return new Setup(by, serverOptions, mySql, options, direct, proxied);
    }

    /**
     * MariaDB's driver 3.5 numbers the compressed packets of a file so that a MariaDB refuses them
     * (1156); the proxy does not mind.
     */
    boolean losesCount() {
      return !mySql && options.contains("useCompression=true");
    }

    boolean interrupts() {
      return options.contains("useServerPrepStmts=false");
    }

    Connection connect(int port, boolean through) throws SQLException {
      String address =
          (mySql ? "jdbc:mysql" : "jdbc:mariadb")
              + "://127.0.0.1:"
              + port
              + "/d?"
              + options
              + "&"
              + (through ? proxied : direct);
      return DriverManager.getConnection(address, "app", "apppw");
    }

    @Override
    public String toString() {
      return (mySql ? "Connector/J " : "MariaDB Connector/J ") + options + " by " + by + server;
    }
  }

  private final DatabaseServer server;

  @TempDir Path directory;

  Differential(DatabaseServer server) {
    this.server = server;
    Through.accounts(server);
    server.execute("CREATE DATABASE d");
    if (!(server instanceof MariaDbServer)) {
      server.execute("INSTALL COMPONENT 'file://component_query_attributes'");
    }
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  Stream<Setup> setups() {
    boolean mariaDb = server instanceof MariaDbServer;
    String plain = mariaDb ? "DISABLED" : "REQUIRED";
    List<Setup> all = new ArrayList<>();
    Through.By pass = Through.By.CONNECTION;
    all.add(mySql(pass, "useServerPrepStmts=false", plain, "DISABLED"));
    all.add(mySql(pass, "useServerPrepStmts=true", plain, "REQUIRED"));
    all.add(mariaDb(pass, "useServerPrepStmts=false", "disable"));
    all.add(mariaDb(pass, "useServerPrepStmts=true&useBulkStmts=true", "trust"));
    if (mariaDb) {
      all.add(mySql(Through.By.READWRITE, "useServerPrepStmts=true", plain, "REQUIRED"));
      all.add(mariaDb(Through.By.READWRITE, "useServerPrepStmts=false", "disable"));
    }
    all.add(
        mySql(
            pass,
            "useServerPrepStmts=true&useCursorFetch=true&defaultFetchSize=50",
            plain,
            "DISABLED"));
    all.add(mySql(pass, "rewriteBatchedStatements=true&cachePrepStmts=true", plain, "DISABLED"));
    all.add(
        mariaDb(
            pass, "useBulkStmts=true&useBulkStmtsForInserts=true&cachePrepStmts=false", "disable"));
    String both = "useServerPrepStmts=true&useCompression=true";
    all.add(mySql(pass, both, plain, "DISABLED").to("compression = zlib"));
    all.add(mariaDb(pass, both, "trust").to(mariaDb ? "" : "compression = zstd"));
    all.add(mariaDb(pass, "useCompression=false", "disable").to("compression = zlib"));
    return all.stream();
  }

  private static Setup mySql(Through.By by, String options, String direct, String proxied) {
    String keys = "&allowPublicKeyRetrieval=true";
    return new Setup(
        by, "", true, ALL + "&" + options + keys, "sslMode=" + direct, "sslMode=" + proxied);
  }

  private Setup mariaDb(Through.By by, String options, String proxied) {
    String direct = server instanceof MariaDbServer ? "disable" : "trust";
    return new Setup(
        by,
        "",
        false,
        "allowMultiQueries=true&allowLocalInfile=true&useResetConnection=true&allowPublicKeyRetrieval=true&"
            + options,
        "sslMode=" + direct,
        "sslMode=" + proxied);
  }

  @ParameterizedTest
  @MethodSource("setups")
  void shouldTellTheProgramTheSame(Setup setup) throws SQLException {
    List<String> expected = run(setup, server.port(), false);
    List<String> actual;
    try (Through proxy = new Through(directory, server, setup.by(), setup.server())) {
      actual = run(setup, proxy.port(), true);
    }
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      differences.addAll(differences(expected.get(i), actual.get(i)));
    }
    assertThat(differences).as(setup.toString()).isEmpty();
  }

  /** The first lines of one operation that are not the same. */
  private static List<String> differences(String expected, String actual) {
    List<String> there = expected.lines().toList();
    List<String> here = actual.lines().toList();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < Math.max(there.size(), here.size()) && all.size() < LINES_SHOWN; i++) {
      String direct = i < there.size() ? there.get(i) : "nothing";
      String proxied = i < here.size() ? here.get(i) : "nothing";
      if (!direct.equals(proxied)) {
        all.add(there.get(0) + ", line " + i + ": direct: " + direct + ", proxied: " + proxied);
      }
    }
    return all;
  }

  private List<String> run(Setup setup, int port, boolean through) throws SQLException {
    List<Operation> operations = new ArrayList<>(Queries.all());
    operations.addAll(Prepares.all());
    if (setup.by() == Through.By.CONNECTION) {
      operations.add(Prepares.counted());
    }
    if (setup.mySql() && !(server instanceof MariaDbServer)) {
      operations.add(Prepares.attributes());
    }
    operations.addAll(new Sessions(directory, setup.mySql(), setup.interrupts()).all());
    if (setup.losesCount()) {
      operations.removeIf(operation -> operation.name().equals("files"));
    }
    List<String> outcomes = new ArrayList<>();
    server.execute("DROP DATABASE d", "CREATE DATABASE d");
    Connection connection = setup.connect(port, through);
    try {
      for (Operation operation : operations) {
        String outcome = operation.name() + "\n" + operation.run(connection);
        boolean lost = !connection.isValid(30);
        outcomes.add(lost ? outcome + "the connection is lost" : outcome);
        if (lost) {
          connection.close();
          connection = setup.connect(port, through);
        }
      }
    } finally {
      connection.close();
    }
    return outcomes;
  }
}
