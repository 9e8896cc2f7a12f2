package io.sluice.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Speaks to the REST API. Blocks. Every failure is an {@link AdminException}. */
final class AdminClient {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final AdminLocator.Admin admin;

  AdminClient(AdminLocator.Admin admin) {
    this.admin = admin;
  }

  /** All resources of a type, as a JSON:API document. */
  JsonNode list(String type) {
    return send("GET", "/v1/" + type, null);
  }

  /** One resource. */
  JsonNode show(String type, String id) {
    return send("GET", id.isEmpty() ? "/v1/" + type : "/v1/" + type + "/" + encoded(id), null);
  }

  /** Calls a module's own command. */
  JsonNode call(String type, String id, String command, Map<String, String> arguments) {
    try {
      return send(
          "POST",
          "/v1/" + type + "/" + encoded(id) + "/commands/" + encoded(command),
          mapper.writeValueAsString(arguments));
    } catch (JsonProcessingException e) {
      throw new AdminException("arguments: " + e.getOriginalMessage());
    }
  }

  /** Ends a session. */
  JsonNode kill(String session) {
    return send("DELETE", "/v1/sessions/" + encoded(session), null);
  }

  private JsonNode send(String method, String path, @Nullable String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(admin.url() + path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + admin.token())
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new AdminException(error(response));
      }
      return response.body().isEmpty()
          ? MissingNode.getInstance()
          : mapper.readTree(response.body());
    } catch (ConnectException e) {
      throw new AdminException(
          admin.url() + ": nobody answers (is Sluice running, and is this its address?)");
    } catch (JsonProcessingException e) {
      throw new AdminException(admin.url() + path + ": the answer is not JSON");
    } catch (IOException e) {
      throw new AdminException(admin.url() + path + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AdminException("interrupted");
    }
  }

  private String error(HttpResponse<String> response) {
    if (response.statusCode() == 401) {
      return admin.url() + ": the token was refused (is it the token of this server?)";
    }
    try {
      JsonNode first = mapper.readTree(response.body()).path("errors").path(0);
      String detail = first.path("detail").asText(first.path("title").asText(""));
      if (!detail.isEmpty()) {
        return detail;
      }
    } catch (JsonProcessingException e) {
      // Not ours; the status has to do.
    }
    return "HTTP status " + response.statusCode();
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
