package io.sluice.testkit.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SQL against any address that speaks the protocol: a server, a proxy listener, a relay. One JDBC
 * connection per call, so that it survives restarts of what it talks to; blocking, any thread.
 * Failures are {@link SqlFailure}s, which keep the server's error code.
 */
public final class SqlClient {
  private final String url;
  private final String user;
  private final String password;

  private SqlClient(String url, String user, String password) {
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /** A client of that address. */
  public static SqlClient at(String host, int port, String user, String password) {
    return at(host, port, user, password, "");
  }

  /** A client with further driver options, for example {@code useServerPrepStmts=true}. */
  public static SqlClient at(
      String host, int port, String user, String password, String driverOptions) {
    String url =
        "jdbc:mariadb://"
            + host
            + ":"
            + port
            + "/?allowMultiQueries=true&allowLocalInfile=true&connectTimeout=10000"
            + "&allowPublicKeyRetrieval=true";
    return new SqlClient(driverOptions.isEmpty() ? url : url + "&" + driverOptions, user, password);
  }

  /** The JDBC address without user and password. */
  public String url() {
    return url;
  }

  /** Opens a connection that the caller closes. */
  public Connection connect() {
    try {
      return DriverManager.getConnection(url, user, password);
    } catch (SQLException e) {
      throw new SqlFailure("cannot connect to " + url + " as " + user, e);
    }
  }

  /** Runs the statements one after the other on one connection. */
  public void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        executeOne(statement, sql);
      }
    } catch (SQLException e) {
      throw new SqlFailure("cannot close the connection to " + url, e);
    }
  }

  private static void executeOne(Statement statement, String sql) {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new SqlFailure("failed: " + brief(sql), e);
    }
  }

  /** The first column of the first row; null for SQL NULL or no row. */
  public @Nullable String queryString(String sql) {
    List<@Nullable String> row = queryRow(sql);
    return row.isEmpty() ? null : row.get(0);
  }

  /** The first column of the first row as a number. */
  public long queryLong(String sql) {
    String value = queryString(sql);
    if (value == null) {
      throw new AssertionError("no value from: " + brief(sql));
    }
    return Long.parseLong(value);
  }

  /** The first row, or an empty list. */
  public List<@Nullable String> queryRow(String sql) {
    List<List<@Nullable String>> rows = queryRows(sql);
    return rows.isEmpty() ? List.of() : rows.get(0);
  }

  /** All rows as text. */
  public List<List<@Nullable String>> queryRows(String sql) {
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (Map<String, @Nullable String> row : queryMaps(sql)) {
      rows.add(new ArrayList<>(row.values()));
    }
    return rows;
  }

  /** The first row by column label, or an empty map. For example {@code SHOW SLAVE STATUS}. */
  public Map<String, @Nullable String> queryMap(String sql) {
    List<Map<String, @Nullable String>> rows = queryMaps(sql);
    return rows.isEmpty() ? Map.of() : rows.get(0);
  }

  /** All rows by column label, in column order; equal labels get {@code #2}, {@code #3}. */
  public List<Map<String, @Nullable String>> queryMaps(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      ResultSetMetaData columns = result.getMetaData();
      List<Map<String, @Nullable String>> rows = new ArrayList<>();
      while (result.next()) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          String label = columns.getColumnLabel(i);
          row.put(row.containsKey(label) ? label + "#" + i : label, result.getString(i));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new SqlFailure("failed: " + brief(sql), e);
    }
  }

  private static String brief(String sql) {
    return sql.length() <= 200 ? sql : sql.substring(0, 200) + "… (" + sql.length() + " chars)";
  }
}
