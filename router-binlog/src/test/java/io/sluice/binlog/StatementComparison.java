package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import io.sluice.testkit.wire.WirePacket;
import io.sluice.testkit.wire.WireReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Asks a real server and the relay behind it the same statements, and every system variable, and
 * tells where they answer differently.
 */
final class StatementComparison implements AutoCloseable {
  static final String USER = "asker";
  static final String PASSWORD = "asker-pw";

  private static final int MORE_RESULTS = 0x08;
  private static final int UNSIGNED = 0x20;

  /** Whether a transaction is open, and autocommit. */
  private static final int SESSION_STATUS = 0x03;

  private final DatabaseServer master;
  private final int relayPort;
  private final List<String> differences = new ArrayList<>();
  private WireClient there;
  private WireClient here;

  /** One line of the list. */
  private record Line(String section, String mode, String sql) {}

  /** What came of a statement: columns as name and type, rows, or an error. */
  private record Outcome(List<String> columns, List<List<String>> rows, String error) {
    List<String> names() {
      return columns.stream().map(column -> column.replaceAll(" : .*", "")).toList();
    }
  }

  StatementComparison(DatabaseServer master, int relayPort) {
    this.master = master;
    this.relayPort = relayPort;
    this.there = connect(master.host(), master.port());
    this.here = connect("127.0.0.1", relayPort);
  }

  List<String> differences() {
    return differences;
  }

  private void reconnect() {
    there.quit();
    here.quit();
    there = connect(master.host(), master.port());
    here = connect("127.0.0.1", relayPort);
  }

  @Override
  public void close() {
    there.close();
    here.close();
  }

  /** Runs all lines of a list; what names where a master writes its log waits for the relay. */
  void statements(String resource, Runnable awaitStored) throws IOException {
    List<Line> lines = lines(resource);
    assertThat(lines).hasSizeGreaterThan(300);
    String section = "";
    for (Line line : lines) {
      if (!line.section.equals(section)) {
        section = line.section;
        reconnect();
      }
      String difference = difference(line.mode, run(there, line.sql), run(here, line.sql));
      if (!difference.isEmpty() && line.sql.toUpperCase(Locale.ROOT).startsWith("SHOW MASTER")) {
        // A relay is a moment behind.
        awaitStored.run();
        difference = difference(line.mode, run(there, line.sql), run(here, line.sql));
      }
      if (!difference.isEmpty()) {
        differences.add("[" + line.section + "] " + line.mode + " | " + line.sql + difference);
      }
    }
  }

  /** Selects every variable in all scopes. */
  void variables(Set<String> ownValues) {
    List<String> names = new ArrayList<>();
    for (List<String> row : master.queryRows("SHOW VARIABLES")) {
      names.add(row.get(0).toLowerCase(Locale.ROOT));
    }
    assertThat(names).hasSizeGreaterThan(400);
    reconnect();
    for (String name : names) {
      String ours =
          ownValues.contains(name) || name.startsWith("rpl_semi_sync") ? "COLUMNS" : "EQUAL";
      for (String scope : List.of("@@", "@@global.", "@@session.")) {
        String sql = "SELECT " + scope + name;
        Outcome expected = run(there, sql);
        String mode = expected.error.isEmpty() ? ours : "ERROR";
        String difference = difference(mode, expected, run(here, sql));
        if (!difference.isEmpty()) {
          differences.add(mode + " | " + sql + difference);
        }
      }
    }
  }

  private static WireClient connect(String host, int port) {
    WireClient client = WireClient.open(host, port);
    client.login(USER, PASSWORD, "", WireClient.DEFAULT_CAPABILITIES | WireClient.MULTI_STATEMENTS);
    return client;
  }

  private static String difference(String mode, Outcome master, Outcome relay) {
    boolean answered = master.error.isEmpty() && relay.error.isEmpty();
    boolean same =
        switch (mode) {
          case "EQUAL" -> answered && master.equals(relay);
          case "COLUMNS" ->
              answered
                  && master.columns.equals(relay.columns)
                  && master.rows.isEmpty() == relay.rows.isEmpty();
          case "SHAPE" ->
              answered
                  ? master.columns.equals(relay.columns)
                      && master.rows.isEmpty() == relay.rows.isEmpty()
                  : master.error.equals(relay.error);
          case "NAMES" -> answered && master.names().equals(relay.names());
          case "ERROR" -> !master.error.isEmpty() && master.error.equals(relay.error);
          case "REFUSED" -> !master.error.isEmpty() && !relay.error.isEmpty();
          case "SAME" -> master.equals(relay);
          case "ANSWERED" -> relay.error.isEmpty();
          case "OTHER" -> relay.error.equals("1235 42000");
          default -> throw new IllegalArgumentException("mode: " + mode);
        };
    return same ? "" : "\n    master: " + master + "\n    relay:  " + relay;
  }

  private static Outcome run(WireClient client, String sql) {
    try {
      return ask(client, sql);
    } catch (WireError e) {
      return new Outcome(List.of(), List.of(), e.code() + " " + e.sqlState());
    }
  }

  /** Sends the statement and reads all its results. */
  private static Outcome ask(WireClient client, String sql) {
    client.sendQuery(sql);
    List<String> columns = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    boolean more = true;
    while (more) {
      WirePacket first = client.read();
      if (first.isError()) {
        throw WireError.parse(first);
      }
      if (first.isOk()) {
        WireReader ok = first.reader().skip(1);
        ok.lenenc();
        ok.lenenc();
        int status = ok.u2();
        columns.add("OK, status " + (status & SESSION_STATUS));
        more = (status & MORE_RESULTS) != 0;
      } else {
        more = (result(client, (int) first.reader().lenenc(), columns, rows) & MORE_RESULTS) != 0;
      }
    }
    return new Outcome(columns, rows, "");
  }

  /** Reads a result set behind its first packet; the status at its end. */
  private static int result(
      WireClient client, int count, List<String> columns, List<List<String>> rows) {
    for (int i = 0; i < count; i++) {
      WireReader column = client.read().reader();
      for (int skipped = 0; skipped < 4; skipped++) {
        column.lenencText();
      }
      String name = column.lenencText();
      column.lenencText();
      column.skip(1 + 2 + 4);
      int type = column.u1();
      boolean unsigned = (column.u2() & UNSIGNED) != 0;
      columns.add(name + " : " + type + (unsigned ? " unsigned" : ""));
    }
    client.expectEof();
    while (true) {
      WirePacket packet = client.read();
      if (packet.isError()) {
        throw WireError.parse(packet);
      }
      if (packet.isEof()) {
        return packet.reader().skip(3).u2();
      }
      WireReader reader = packet.reader();
      List<String> row = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int length = (int) reader.lenenc();
        row.add(length < 0 ? "NULL" : new String(reader.bytes(length), StandardCharsets.UTF_8));
      }
      rows.add(row);
    }
  }

  private static List<Line> lines(String resource) throws IOException {
    List<Line> lines = new ArrayList<>();
    String section = "";
    try (InputStream in =
        Objects.requireNonNull(StatementComparison.class.getResourceAsStream(resource))) {
      for (String text : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (text.startsWith("[")) {
          section = text.substring(1, text.indexOf(']'));
        } else if (!text.isBlank() && !text.startsWith("#")) {
          int mark = text.indexOf(" | ");
          lines.add(new Line(section, text.substring(0, mark), text.substring(mark + 3)));
        }
      }
    }
    return lines;
  }
}
