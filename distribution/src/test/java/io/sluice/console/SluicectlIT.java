package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line against a small HTTP server that answers as the REST API does. */
class SluicectlIT {

  private static final String SERVERS =
      """
      {"data":[
       {"id":"db1","type":"servers","attributes":{"address":"127.0.0.1","port":3306,"labels":["Master","Running"],"details":{"x":"y"}}},
       {"id":"db2","type":"servers","attributes":{"address":"127.0.0.1","port":3307,"labels":[],"lag":"2s"}}]}
      """;
  private static final String RELAY =
      """
      {"data":{"id":"relay","type":"services","attributes":{"router":"binlog",
       "diagnostics":{"link":{"state":"streaming","file":"m1-bin.000002"},
       "replicas":[{"server_id":2,"host":"10.0.0.2"},{"server_id":33,"host":"10.0.0.33"}]}}}}
      """;

  @TempDir Path dir;
  private HttpServer server;
  private Path token;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void start() throws IOException {
    token = Files.writeString(dir.resolve("token"), "abc\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/servers", exchange -> answer(exchange, 200, SERVERS));
    server.createContext("/v1/services/relay", exchange -> answer(exchange, 200, RELAY));
    server.createContext(
        "/v1/services/relay/commands/stop-link",
        exchange ->
            answer(
                exchange,
                200,
                "{\"meta\":"
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                    + "}"));
    server.createContext(
        "/v1/services/none",
        exchange ->
            answer(
                exchange,
                404,
                "{\"errors\":[{\"status\":\"404\",\"detail\":\"no service none\"}]}"));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void shouldListAsTableWithTheUnionOfSimpleAttributes() {
    assertThat(run("list", "servers")).isZero();
    assertThat(out.toString())
        .contains("| id  | address   | port | labels          | lag |")
        .contains("| db1 | 127.0.0.1 | 3306 | Master, Running |     |")
        .contains("| db2 | 127.0.0.1 | 3307 |                 | 2s  |")
        .doesNotContain("details");
  }

  @Test
  void shouldListAsTsv() {
    assertThat(run("list", "servers", "-o", "tsv")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "id\taddress\tport\tlabels\tlag",
            "db1\t127.0.0.1\t3306\tMaster, Running\t",
            "db2\t127.0.0.1\t3307\t\t2s");
  }

  @Test
  void shouldGiveTheDocumentAsJson() {
    assertThat(run("-o", "json", "show", "service", "relay")).isZero();
    assertThat(out.toString()).contains("\"server_id\" : 33");
  }

  @Test
  void shouldShowNestedObjectsAndTables() {
    assertThat(run("show", "service", "relay")).isZero();
    assertThat(out.toString())
        .contains("services relay")
        .contains("state  streaming")
        .contains("| 33        | 10.0.0.33 |");
  }

  @Test
  void shouldShowAsTsvWithPaths() {
    assertThat(run("show", "service", "relay", "-o", "tsv")).isZero();
    assertThat(out.toString())
        .contains("diagnostics.link.state\tstreaming")
        .contains("diagnostics.replicas.1.server_id\t33");
  }

  @Test
  void shouldCallCommandWithArguments() {
    assertThat(run("call", "service", "relay", "stop-link", "why=now")).isZero();
    assertThat(out.toString()).contains("why").contains("now");
  }

  @Test
  void shouldExitWithOneWhenTheServerRefuses() {
    assertThat(run("show", "service", "none")).isEqualTo(1);
    assertThat(err.toString()).isEqualToIgnoringNewLines("sluicectl: no service none");
  }

  @Test
  void shouldExitWithOneWhenTheTokenIsWrong() throws IOException {
    Files.writeString(token, "other");
    assertThat(run("list", "servers")).isEqualTo(1);
    assertThat(err.toString()).contains("token was refused");
  }

  @Test
  void shouldExitWithOneWhenNobodyAnswers() {
    server.stop(0);
    assertThat(run("list", "servers")).isEqualTo(1);
    assertThat(err.toString()).contains("nobody answers");
  }

  @Test
  void shouldExitWithTwoOnWrongUsage() {
    assertThat(run("list", "serverz")).isEqualTo(2);
    assertThat(err.toString()).contains("serverz (expected: servers, services,");
    assertThat(run("show", "service")).isEqualTo(2);
    assertThat(run("no-such-command")).isEqualTo(2);
    assertThat(run("list", "servers", "-o", "xml")).isEqualTo(2);
  }

  @Test
  void shouldTakeAddressAndTokenFromTheServersConfiguration() throws IOException {
    Files.createDirectories(dir.resolve("d/admin"));
    Files.writeString(dir.resolve("d/admin/token"), "abc");
    Path config =
        Files.writeString(
            dir.resolve("sluice.conf"),
            "sluice { data-dir = d, admin { listen = \"0.0.0.0:" + port() + "\" } }");
    CommandLine line = line();
    assertThat(line.execute("--config", config.toString(), "list", "servers")).isZero();
    assertThat(out.toString()).contains("db1");
  }

  @Test
  void shouldSayWhichTokenFileIsMissing() throws IOException {
    Path config = Files.writeString(dir.resolve("sluice.conf"), "sluice { data-dir = nowhere }");
    assertThat(line().execute("--config", config.toString(), "list", "servers")).isEqualTo(1);
    assertThat(err.toString()).contains("nowhere/admin/token");
  }

  private int run(String... args) {
    String[] all = new String[args.length + 4];
    all[0] = "--url";
    all[1] = "http://127.0.0.1:" + port();
    all[2] = "--token-file";
    all[3] = token.toString();
    System.arraycopy(args, 0, all, 4, args.length);
    return line().execute(all);
  }

  private CommandLine line() {
    return Sluicectl.commandLine(new Sluicectl())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    boolean allowed = "Bearer abc".equals(exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] bytes = (allowed ? body : "{}").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(allowed ? status : 401, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
