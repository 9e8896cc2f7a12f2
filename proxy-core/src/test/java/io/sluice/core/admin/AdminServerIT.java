package io.sluice.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.core.boot.EchoClient;
import io.sluice.core.boot.EchoProxy;
import io.sluice.core.boot.Proxy;
import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path directory;

  private static Proxy proxy;
  private static String token;

  @BeforeAll
  static void start() throws IOException {
    proxy = EchoProxy.start(directory);
    token = Files.readString(directory.resolve("data/admin/token")).trim();
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @ParameterizedTest
  @CsvSource({
    "servers, db1, db2",
    "services, app,",
    "listeners, app-main,",
    "monitors, watch,",
    "filters,,"
  })
  void shouldList(String type, String first, String second) throws Exception {
    JsonNode data = ok("/v1/" + type).path("data");

    List<String> expected =
        java.util.stream.Stream.of(first, second).filter(java.util.Objects::nonNull).toList();
    assertThat(data.isArray()).isTrue();
    assertThat(data.findValuesAsText("id")).isEqualTo(expected);
    for (JsonNode resource : data) {
      assertThat(resource.path("type").asText()).isEqualTo(type);
      assertThat(resource.path("attributes").isObject()).isTrue();
    }
  }

  @Test
  void shouldShowAServer() throws Exception {
    JsonNode attributes = ok("/v1/servers/db1").at("/data/attributes");

    assertThat(attributes.path("status").asText()).isEqualTo("up");
    assertThat(attributes.path("state").asText()).isEqualTo("Main, Running");
    assertThat(attributes.path("roles").get(0).asText()).isEqualTo("writer");
    assertThat(attributes.path("lag_seconds").asDouble()).isEqualTo(1.5);
    assertThat(attributes.path("port").asInt()).isEqualTo(3306);
    assertThat(attributes.at("/details/version").asText()).isEqualTo("1.0");
  }

  @Test
  void shouldShowAService() throws Exception {
    JsonNode attributes = ok("/v1/services/app").at("/data/attributes");

    assertThat(attributes.path("router").asText()).isEqualTo("echo");
    assertThat(attributes.path("state").asText()).isEqualTo("running");
    assertThat(attributes.path("user").asText()).isEqualTo("svc");
    assertThat(attributes.path("started_at").asText()).matches("20\\d\\d-.*Z");
    assertThat(attributes.at("/diagnostics/rows").findValuesAsText("id")).containsExactly("1", "2");
    assertThat(attributes.path("commands").findValuesAsText("name"))
        .containsExactly("greet", "refuse");
  }

  @Test
  void shouldShowAListener() throws Exception {
    JsonNode attributes = ok("/v1/listeners/app-main").at("/data/attributes");

    assertThat(attributes.path("port").asInt()).isEqualTo(EchoProxy.port(proxy));
    assertThat(attributes.path("state").asText()).isEqualTo("running");
    assertThat(attributes.at("/diagnostics/accounts").asInt()).isEqualTo(3);
  }

  @Test
  void shouldShowTheModules() throws Exception {
    assertThat(ok("/v1/modules").path("data")).hasSize(3);
  }

  @Test
  void shouldShowTheProcess() throws Exception {
    JsonNode data = ok("/v1/sluice").path("data");

    assertThat(data.path("type").asText()).isEqualTo("sluice");
    assertThat(data.at("/attributes/threads").asInt()).isEqualTo(2);
    assertThat(data.at("/attributes/config").asText()).endsWith("sluice.conf");
    assertThat(data.at("/attributes/uptime_seconds").isNumber()).isTrue();
  }

  @Test
  void shouldShowAndKillASession() throws Exception {
    try (EchoClient client = new EchoClient(EchoProxy.port(proxy))) {
      client.ask("one");
      JsonNode session = onlySession();
      String path = "/v1/sessions/" + session.path("id").asText();

      JsonNode attributes = ok(path).at("/data/attributes");
      assertThat(attributes.path("service").asText()).isEqualTo("app");
      assertThat(attributes.path("user").asText()).isEqualTo("tester");
      assertThat(attributes.path("connection").asText()).isEqualTo("command");
      assertThat(attributes.at("/diagnostics/mood").asText()).isEqualTo("calm");

      assertThat(send("DELETE", path, token, "").statusCode()).isEqualTo(204);
      assertThat(client.read()).contains("killed");
      Await.until("gone", () -> send("DELETE", path, token, "").statusCode() == 404);
      assertError(send("GET", path, token, ""), 404);
    }
  }

  @Test
  void shouldRunACommand() throws Exception {
    HttpResponse<String> response =
        send("POST", "/v1/services/app/commands/greet", token, "{\"name\": \"Ada\"}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(response.body()).at("/meta/hello").asText()).isEqualTo("Ada");
    assertThat(JSON.readTree(response.body()).at("/meta/mood").asText()).isEqualTo("good");
  }

  @Test
  void shouldTakeAnArgumentThatMayBeLeftOut() throws Exception {
    HttpResponse<String> response =
        send(
            "POST",
            "/v1/services/app/commands/greet",
            token,
            "{\"name\": \"Ada\", \"mood\": \"bad\"}");

    assertThat(JSON.readTree(response.body()).at("/meta/mood").asText()).isEqualTo("bad");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/v1/services/app/commands/greet|{}|400|[name, [mood]]",
        "POST|/v1/services/app/commands/greet|{\"name\":\"Ada\",\"x\":\"y\"}|400|[name, x]",
        "POST|/v1/services/app/commands/greet|not json|400|JSON",
        "POST|/v1/services/app/commands/refuse|{}|400|not today",
        "POST|/v1/services/app/commands/dance|{}|404|greet",
        "POST|/v1/services/none/commands/greet|{}|404|none",
        "GET|/v1/services/none||404|none",
        "GET|/v1/nothing||404|/v1/nothing",
        "GET|/nothing||404|/nothing",
        "GET|/v1/sessions/x||404|x",
        "DELETE|/v1/servers/db1||405|cannot be deleted",
        "PUT|/v1/servers/db1||405|",
        "POST|/v1/servers||405|"
      })
  void shouldRefuse(String method, String path, String body, int status, String detail)
      throws Exception {
    HttpResponse<String> response = send(method, path, token, body == null ? "" : body);

    JsonNode error = assertError(response, status);
    if (detail != null) {
      assertThat(error.path("detail").asText()).contains(detail);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/sluice", "/v1/services/app", "/v1/sessions", "/v1/nothing"})
  void shouldAskForTheToken(String path) throws Exception {
    HttpResponse<String> missing = send("GET", path, null, "");

    assertError(missing, 401);
    assertThat(missing.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertError(send("GET", path, token + "0", ""), 401);
  }

  @Test
  void shouldTellHealthWithoutToken() throws Exception {
    assertThat(send("GET", "/health/live", null, "").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/health/ready", null, "").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldOfferMetricsWithoutToken() throws Exception {
    try (EchoClient client = new EchoClient(EchoProxy.port(proxy))) {
      client.ask("one");

      String metrics = send("GET", "/metrics", null, "").body();

      assertThat(metrics)
          .contains("sluice_ready 1.0")
          .containsPattern("sluice_service_sessions\\{router=\"echo\",service=\"app\"} [1-9]")
          .containsPattern("sluice_service_requests_total\\{.*service=\"app\"} [1-9]")
          .contains("sluice_listener_up{listener=\"main\",service=\"app\"} 1.0")
          .contains("sluice_server_status{server=\"db1\",status=\"up\"} 1.0")
          .contains("sluice_server_status{server=\"db2\",status=\"unknown\"} 1.0")
          .contains("sluice_server_role{role=\"writer\",server=\"db1\"} 1.0")
          .contains("sluice_server_lag_seconds{server=\"db1\"} 1.5")
          .contains("sluice_sessions_closed_total{reason=\"killed\"}")
          .contains("jvm_memory_used_bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/services/app", "/v1/monitors/watch", "/v1/sluice", "/v1/modules", "/metrics"})
  void shouldNeverShowSecrets(String path) throws Exception {
    assertThat(send("GET", path, token, "").body()).doesNotContain("topsecret");
  }

  private static JsonNode onlySession() {
    return Await.value(
            "one session",
            Await.DEFAULT_TIMEOUT,
            () -> ok("/v1/sessions").path("data"),
            data -> data.size() == 1)
        .get(0);
  }

  private static JsonNode ok(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = send("GET", path, token, "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/vnd.api+json"));
    return JSON.readTree(response.body());
  }

  private static JsonNode assertError(HttpResponse<String> response, int status)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = JSON.readTree(response.body()).at("/errors/0");
    assertThat(error.path("status").asText()).isEqualTo(String.valueOf(status));
    assertThat(error.path("title").asText()).isNotEmpty();
    return error;
  }

  private static HttpResponse<String> send(String method, String path, String bearer, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.adminPort() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
